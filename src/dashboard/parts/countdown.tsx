import { useEffect, useState } from 'react';
import { serverClock } from '../api.js';
import { countdown } from '../logic/times.js';

const TICK_MS = 1_000;

/** What is left until a time of the server's, by the server's clock. */
export function useCountdown(at: string): { text: string; isOver: boolean } {
  const until = Date.parse(at);
  const [now, setNow] = useState(() => serverClock.now());
  useEffect(() => {
    // At the turn of the second that is shown.
    const timer = setTimeout(
      () => setNow(serverClock.now()),
      Math.max(1, (until - now) % TICK_MS || TICK_MS),
    );
    if (now >= until) clearTimeout(timer);
    return () => clearTimeout(timer);
  }, [until, now]);
  return { text: countdown(until - now), isOver: now >= until };
}

/** `in 04:12`, in a table. */
export function Countdown({ at }: { at: string }) {
  const { text, isOver } = useCountdown(at);
  return <time dateTime={at}>{isOver ? 'now' : `in ${text}`}</time>;
}

/** `Next attempt in 04:12`, which counts without being read aloud. */
export function NextAttempt({ at }: { at: string }) {
  const { text, isOver } = useCountdown(at);
  const words = isOver ? 'Next attempt now' : `Next attempt in ${text}`;
  return (
    <span role="timer" aria-live="off" aria-label={words} className="countdown">
      {words}
    </span>
  );
}
