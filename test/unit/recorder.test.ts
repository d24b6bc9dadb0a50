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

  it('counts as under way until the workflow has the result', async () => {
    const recorder = newRecorder();
    let isOver = false;
    const over = recorder.recordAhead(event, 'run').then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    await recorder.recorded(own, opener());
    await over;
  });

  it('counts as under way also when the workflow was here first', async () => {
    let finish: (opening: Opening) => void = () => undefined;
    const recorder = newRecorder(new Promise((resolve) => (finish = resolve)));
    void recorder.recorded(own, opener());
    let isOver = false;
    const over = recorder.recordAhead(event, 'run').then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    finish(recorded);
    await over;
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
    let finish: (opening: Opening) => void = () => undefined;
    const recorder = newRecorder(new Promise((resolve) => (finish = resolve)));
    void recorder.recordAhead(event, 'run');
    let isSettled = false;
    const settled = recorder.settled().then(() => (isSettled = true));
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    finish(recorded);
    await settled;
  });
});
