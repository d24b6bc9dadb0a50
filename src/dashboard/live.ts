import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';

/** Whether pages change by themselves when something happens. */
export type LiveState = 'off' | 'connecting' | 'live' | 'interrupted';

const KINDS = [
  'event.accepted',
  'delivery.updated',
  'attempt.finished',
  'webhook.updated',
  'job.updated',
  'missed',
];
const KEPT_AS = 'posthorn.live';
/** Many changes are one reading of what is shown. */
const TOGETHER_MS = 400;
/** The browser opens a broken stream again by itself, but gives up on one that was refused. */
const AGAIN_MS = 10_000;

let isWanted = localStorage.getItem(KEPT_AS) !== 'off';
let state: LiveState = isWanted ? 'connecting' : 'off';
const listeners = new Set<() => void>();

function tell(next: { isWanted?: boolean; state?: LiveState }): void {
  isWanted = next.isWanted ?? isWanted;
  state = next.state ?? state;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How it is, and the switch, which the browser remembers. */
export function useLive(): { state: LiveState; isWanted: boolean; want: (wanted: boolean) => void } {
  return {
    state: useSyncExternalStore(subscribe, () => state),
    isWanted: useSyncExternalStore(subscribe, () => isWanted),
    want: (wanted) => {
      localStorage.setItem(KEPT_AS, wanted ? 'on' : 'off');
      tell({ isWanted: wanted, state: wanted ? 'connecting' : 'off' });
    },
  };
}

/** Reads what is shown of an application again whenever its stream tells of a change. Not in a tab that nobody sees. */
export function useLiveUpdates(app: string): void {
  const queryClient = useQueryClient();
  const wanted = useSyncExternalStore(subscribe, () => isWanted);
  const isVisible = useSyncExternalStore(subscribeToVisibility, () => !document.hidden);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    if (!wanted || !isVisible) return;
    const source = new EventSource(`/v1/apps/${encodeURIComponent(app)}/stream`);
    let reading: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      reading ??= setTimeout(() => {
        reading = undefined;
        const about = { queryKey: ['app', app], predicate: isAboutState };
        // A reading that takes longer than changes come would never end if each began it anew.
        if (queryClient.isFetching(about) > 0) readAgain();
        else void queryClient.invalidateQueries(about);
      }, TOGETHER_MS);
    };
    source.addEventListener('open', () => {
      tell({ state: 'live' });
      // Something may have come while nobody listened.
      readAgain();
    });
    source.addEventListener('error', () => {
      tell({ state: 'interrupted' });
      if (source.readyState === EventSource.CLOSED) again = setTimeout(() => setTries(tries + 1), AGAIN_MS);
    });
    for (const kind of KINDS) source.addEventListener(kind, readAgain);
    return () => {
      source.close();
      clearTimeout(reading);
      clearTimeout(again);
    };
  }, [app, wanted, isVisible, tries, queryClient]);
}

/** Not what the stream says nothing of. */
function isAboutState({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey.length > 2 && queryKey[2] !== 'event-types' && queryKey[2] !== 'stats';
}

function subscribeToVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
