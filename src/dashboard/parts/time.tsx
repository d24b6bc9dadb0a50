import { useEffect, useState } from 'react';
import { serverClock } from '../api.js';
import { absolute, changesAfter, relative } from '../logic/times.js';

/** A time as its distance from now, or to the second. The other one is its title. */
export function Time({ at, as = 'relative' }: { at: string; as?: 'relative' | 'absolute' | 'both' }) {
  const time = Date.parse(at);
  const now = useNow(as === 'absolute' ? null : time);
  const texts = { relative: relative(time, now), absolute: absolute(time) };
  return (
    <time dateTime={at} title={as === 'relative' ? texts.absolute : at}>
      {as === 'both' ? `${texts.absolute} (${texts.relative})` : texts[as]}
    </time>
  );
}

/** The server's time, as often as the distance to `at` reads otherwise. */
function useNow(at: number | null): number {
  const [now, setNow] = useState(() => serverClock.now());
  useEffect(() => {
    if (at === null) return;
    const timer = setTimeout(() => setNow(serverClock.now()), changesAfter(at, serverClock.now()));
    return () => clearTimeout(timer);
  }, [at, now]);
  return now;
}
