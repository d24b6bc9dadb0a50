import { Interrupted } from '../../delivery/post.js';
import type { AttemptResult } from '../../workflows/contract/delivery.js';
import type { Dependencies } from '../dependencies.js';

/**
 * What has come of an attempt, or `unavailable` where it could not be made or its worker had to stop: no word of the
 * receiver's. The attempt is not used up, and is made again. If it was sent, the log marks it.
 */
export async function orUnavailable<T>(
  deps: Pick<Dependencies, 'logger'>,
  { deliveryId, number }: { readonly deliveryId: string; readonly number: number },
  made: Promise<T>,
): Promise<T | Extract<AttemptResult, { kind: 'unavailable' }>> {
  try {
    return await made;
  } catch (error) {
    const interrupted = error instanceof Interrupted;
    const why = interrupted
      ? 'the worker had to stop before the answer came'
      : 'the attempt could not be made';
    deps.logger.warn({ err: interrupted ? undefined : error, delivery_id: deliveryId, attempt: number }, why);
    return { kind: 'unavailable', next: number, why };
  }
}
