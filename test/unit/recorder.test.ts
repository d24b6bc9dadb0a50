import { AsyncLocalStorage } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { Recorder } from '../../src/activities/dispatch/recorder.js';
import type { Opener } from '../../src/activities/dispatch/open-events.js';
import type { EventToOpen } from '../../src/activities/dispatch/plan-opening.js';
import type { Opening } from '../../src/workflows/contract/event.js';
import { appOf, eventInput } from '../support/fixtures.js';

const event = eventInput(appOf('standard'));
const recorded: Opening = { kind: 'opened', deliveries: [] };
const own: EventToOpen = { event, workflowId: `event/${event.appId}/${event.eventId}`, openedBy: 'run' };
const opener = (stops = new AbortController().signal): Opener => ({ mayAttempt: true, stops });
const record = vi.fn<(own: EventToOpen, opener: Opener) => Promise<Opening>>();

function newRecorder(result: Promise<Opening> = Promise.resolve(recorded)): Recorder {
  record.mockReset().mockReturnValue(result);
  return new Recorder(record);
}

interface Finish {
  resolve: (opening: Opening) => void;
  reject: (error: Error) => void;
}

/** A recorder whose recording goes on until it is finished. */
function pending() {
  const finish = {} as Finish;
  const result = new Promise<Opening>((resolve, reject) => Object.assign(finish, { resolve, reject }));
  return { recorder: newRecorder(result), finish };
}

describe('an event that is recorded before its workflow asks', () => {
  it('is recorded once: the workflow gets that result', async () => {
    const recorder = newRecorder();
    void recorder.recordAhead(event, 'run');
    expect(await recorder.recorded(own, opener())).toBe(recorded);
    expect(record.mock.calls.map(([given]) => given)).toEqual([own]);
  });

  it('is recorded again for a second asking: the log tells the two apart', async () => {
    const recorder = newRecorder();
    void recorder.recordAhead(event, 'run');
    for (let n = 0; n < 2; n += 1) await recorder.recorded(own, opener());
    expect(record).toHaveBeenCalledTimes(2);
  });

  it('is not begun when the workflow was here first', async () => {
    const recorder = newRecorder();
    await recorder.recorded(own, opener());
    await recorder.recordAhead(event, 'run');
    expect(record).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['is there', (finish: Finish) => finish.resolve(recorded)],
    ['has failed', (finish: Finish) => finish.reject(new Error('no log'))],
  ])('counts as under way until the workflow has asked and the result %s', async (_how, end) => {
    const { recorder, finish } = pending();
    let isOver = false;
    const over = recorder.recordAhead(event, 'run').then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    recorder.recorded(own, opener()).catch(() => undefined);
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    end(finish);
    await over;
  });

  it('counts as under way when it is recorded and the workflow has not asked', async () => {
    const recorder = newRecorder();
    let isOver = false;
    void recorder.recordAhead(event, 'run').then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
  });

  it('counts as under way also when the workflow was here first', async () => {
    const { recorder, finish } = pending();
    void recorder.recorded(own, opener());
    let isOver = false;
    const over = recorder.recordAhead(event, 'run').then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    finish.resolve(recorded);
    await over;
  });

  it('is not kept in memory when its workflow has it, nor is its activity', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const recorder = new Recorder(() => Promise.resolve({ kind: 'opened', deliveries: [] }));
    const activities = new AsyncLocalStorage<object>();
    const handedOver = async () => {
      const context = { activity: 'openEvent' };
      const over = recorder.recordAhead(event, 'run');
      const opening = await activities.run(context, () => recorder.recorded(own, opener()));
      await over;
      return [new WeakRef(context), new WeakRef(opening)];
    };
    const left = await handedOver();
    await expect
      .poll(() => {
        collect();
        return left.every((each) => each.deref() === undefined);
      })
      .toBe(true);
    // It is still known as one that has asked.
    await recorder.recordAhead(event, 'run');
  });

  it('is broken off when the worker of the workflow stops', () => {
    const recorder = newRecorder(new Promise(() => undefined));
    void recorder.recordAhead(event, 'run');
    const stops = new AbortController();
    void recorder.recorded(own, opener(stops.signal));
    expect(record.mock.calls[0]?.[1].stops.aborted).toBe(false);
    stops.abort();
    expect(record.mock.calls[0]?.[1].stops.aborted).toBe(true);
  });

  it('fails for its workflow alone', async () => {
    const recorder = newRecorder(Promise.reject(new Error('no log')));
    void recorder.recordAhead(event, 'run');
    await expect(recorder.recorded(own, opener())).rejects.toThrow('no log');
  });

  it('is not begun when the process is about to end', async () => {
    const recorder = newRecorder();
    recorder.end();
    await recorder.recordAhead(event, 'run');
    expect(record).not.toHaveBeenCalled();
  });

  it('is waited for at the end if nobody has asked for it', async () => {
    const { recorder, finish } = pending();
    void recorder.recordAhead(event, 'run');
    let isSettled = false;
    const settled = recorder.settled().then(() => (isSettled = true));
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    finish.resolve(recorded);
    await settled;
  });
});
