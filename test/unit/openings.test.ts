import { describe, expect, it } from 'vitest';
import { Openings, type OpeningAhead } from '../../src/activities/dispatch/openings.js';
import type { Opening } from '../../src/workflows/contract.js';

const opening = (result: Promise<Opening>): OpeningAhead => ({ result, interrupt: () => undefined });
const opened: Opening = { kind: 'opened', deliveries: [] };

describe('an opening that was begun ahead', () => {
  it('is for the first who asks, and is not begun again', async () => {
    const openings = new Openings();
    let begun = 0;
    const begin = () => {
      begun += 1;
      return opening(Promise.resolve(opened));
    };
    openings.beginAhead('run', begin);
    openings.beginAhead('run', begin);
    expect(await openings.take('run')?.result).toBe(opened);
    expect(openings.take('run')).toBeUndefined();
    openings.beginAhead('run', begin);
    expect(begun).toBe(1);
  });

  it('is not begun when its activity was here first', () => {
    const openings = new Openings();
    expect(openings.take('run')).toBeUndefined();
    openings.beginAhead('run', () => {
      throw new Error('begun twice');
    });
    expect(openings.take('run')).toBeUndefined();
  });

  it('is not begun when the process is about to end', () => {
    const openings = new Openings();
    openings.end();
    openings.beginAhead('run', () => {
      throw new Error('begun at the end');
    });
    expect(openings.take('run')).toBeUndefined();
  });

  it('is waited for at the end, if nobody has asked for it, also when it fails', async () => {
    const openings = new Openings();
    let fail = (_error: Error) => {};
    const result = new Promise<Opening>((_, reject) => (fail = reject));
    openings.beginAhead('left', () => opening(result));
    openings.beginAhead('asked for', () => opening(new Promise(() => undefined)));
    openings.take('asked for');
    let isSettled = false;
    const settled = openings.settled().then(() => (isSettled = true));
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    fail(new Error('no log'));
    await settled;
  });
});
