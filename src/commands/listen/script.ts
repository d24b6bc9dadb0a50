import { CommandError } from '../shared/command-error.js';
import { EXIT } from '../shared/exit-codes.js';

/** What the receiver does with a request: answers with a status, never answers, or closes the connection. */
export type Step = number | 'timeout' | 'reset';

const MOST_TIMES = 10_000;

/**
 * The steps of `500x2,timeout,410`, one a request.
 * @throws CommandError of usage
 */
export function stepsIn(script: string): Step[] {
  return script.split(',').flatMap((part) => {
    const [, what = '', times = '1'] = /^(\d{3}|timeout|reset)(?:x(\d{1,5}))?$/.exec(part.trim()) ?? [];
    const count = Number(times);
    if (what === '' || count > MOST_TIMES) {
      throw new CommandError(
        EXIT.usage,
        `--fail: ${part} is no step: write it like 500, 500x2, timeout or reset.`,
      );
    }
    return Array<Step>(count).fill(what === 'timeout' || what === 'reset' ? what : statusIn(what, '--fail'));
  });
}

/** @throws CommandError of usage for what is no final status of HTTP */
export function statusIn(text: string, flag: string): number {
  const status = Number(text);
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new CommandError(EXIT.usage, `${flag}: ${text} is no status from 200 to 599.`);
}

/** The steps one after the other, and `status` after the last. */
export function scripted(steps: readonly Step[], status: number): () => Step {
  const left = [...steps];
  return () => left.shift() ?? status;
}
