import { useSyncExternalStore } from 'react';
import { wordsOf } from './logic/problem-words.js';

export interface Notification {
  readonly id: number;
  readonly kind: 'done' | 'error';
  readonly text: string;
  readonly code: string | null;
}

const SHOWN_MS = 6_000;
const MOST_DONE = 3;

let shown: readonly Notification[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Notification[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

export function useNotifications(): readonly Notification[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}

export function dismiss(id: number): void {
  change(shown.filter((each) => each.id !== id));
}

/** Says for some seconds that something is done. */
export function notifyDone(text: string): void {
  const id = (lastId += 1);
  const older = shown.filter(({ kind }) => kind === 'done').slice(0, 1 - MOST_DONE);
  change([...shown.filter((each) => !older.includes(each)), { id, kind: 'done', text, code: null }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

/** Says what went wrong, until it is dismissed. */
export function notifyError(error: unknown): void {
  const { title, detail, code } = wordsOf(error);
  const id = (lastId += 1);
  change([...shown, { id, kind: 'error', text: detail === '' ? title : detail, code }]);
}
