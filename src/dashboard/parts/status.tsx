import { CircleCheck, CircleDashed, CirclePause, CircleX, Clock, type LucideIcon } from 'lucide-react';
import type { StatusWords, Tone } from '../logic/statuses.js';

const ICONS: Readonly<Record<Tone, LucideIcon>> = {
  good: CircleCheck,
  bad: CircleX,
  waits: Clock,
  busy: CircleDashed,
  still: CirclePause,
};

/** A state by colour, icon and word: each alone is enough. */
export function Status({ tone, word, more }: StatusWords) {
  const Icon = ICONS[tone];
  return (
    <span className={`status ${tone}`}>
      <span className="status-word">
        <Icon aria-hidden size={15} />
        {word}
      </span>
      {more !== null && <span className="status-more">{more}</span>}
    </span>
  );
}
