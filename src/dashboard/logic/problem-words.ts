import { PosthornProblem, PosthornUnreachable } from '../../client/index.js';

/** What a person is told about an error. */
export interface ProblemWords {
  readonly title: string;
  readonly detail: string;
  readonly code: string | null;
  readonly requestId: string | null;
  readonly status: number | null;
}

export function wordsOf(error: unknown): ProblemWords {
  if (error instanceof PosthornProblem) {
    const { body, code, requestId, status } = error;
    return {
      title: body?.title ?? `The answer was ${status}`,
      detail: body?.detail ?? 'It did not come from Posthorn, but from something in between.',
      code,
      requestId,
      status,
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  const title = error instanceof PosthornUnreachable ? 'Posthorn does not answer' : 'Something went wrong';
  return { title, detail, code: null, requestId: null, status: null };
}
