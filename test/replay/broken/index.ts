import { sleep } from '@temporalio/workflow';
import { deliverEvent as unbroken } from '../../../src/workflows/index.js';

/** `deliverEvent` with a change that running workflows could not take: it must fail every recorded history. */
export async function deliverEvent(event: Parameters<typeof unbroken>[0]): ReturnType<typeof unbroken> {
  await sleep(1_000);
  return unbroken(event);
}
