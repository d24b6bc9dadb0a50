/** The result of one check, for people and for programs. */
export const VERDICTS = ['ok', 'warn', 'fail'] as const;

export interface Verdict {
  readonly name: string;
  readonly verdict: (typeof VERDICTS)[number];
  /** One sentence, without a secret. */
  readonly text: string;
  /** What to do; null where nothing is to be done. */
  readonly remedy: string | null;
}

export function ok(name: string, text: string): Verdict {
  return { name, verdict: 'ok', text, remedy: null };
}

export function warn(name: string, text: string, remedy: string): Verdict {
  return { name, verdict: 'warn', text, remedy };
}

export function fail(name: string, text: string, remedy: string): Verdict {
  return { name, verdict: 'fail', text, remedy };
}
