import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { endOfSweep } from '../../src/store/deliveries/stuck-deliveries.js';
import {
  batchWorkflowId,
  eventWorkflowId,
  isBatchWorkflow,
  resendIdOf,
  resendWorkflowId,
} from '../../src/temporal/client/ids.js';
import { LogGaps } from '../../src/upkeep/log-gaps.js';

/** Looking after what nobody carries on. */

describe('a sweep', () => {
  const at = (time: string) => new Date(`2026-04-16T${time}Z`);
  const MINUTE_MS = 60_000;

  it('ends after its length, at midnight, or where events are too young', () => {
    expect(endOfSweep(at('12:00:00.000'), MINUTE_MS, at('13:00:00.000'))).toEqual(at('12:01:00.000'));
    expect(endOfSweep(at('12:00:00.000'), MINUTE_MS, at('12:00:20.000'))).toEqual(at('12:00:20.000'));
    const midnight = new Date('2026-04-17T00:00:00.000Z');
    expect(endOfSweep(at('23:59:30.000'), MINUTE_MS, new Date('2026-04-17T01:00:00.000Z'))).toEqual(midnight);
    expect(endOfSweep(midnight, MINUTE_MS, new Date('2026-04-17T01:00:00.000Z'))).toEqual(
      new Date('2026-04-17T00:01:00.000Z'),
    );
  });
});

describe('a workflow’s id', () => {
  it('tells a batch, and a resend with its own part, from an event', () => {
    expect(isBatchWorkflow(batchWorkflowId('app', 'hash'))).toBe(true);
    expect(isBatchWorkflow(eventWorkflowId('app', 'batch/1'))).toBe(false);
    expect(resendIdOf(resendWorkflowId('app', 'one'))).toBe('one');
    expect(resendIdOf(eventWorkflowId('app', 'resend/x/one'))).toBeNull();
  });
});

describe('what waits for something that the log does not know', () => {
  it('is told of at the first, second, fourth, eighth try, and counted each time', () => {
    const lines: string[] = [];
    const gaps = new LogGaps(pino({}, { write: (line) => lines.push(line) }));
    for (let tries = 1; tries <= 10; tries += 1) gaps.waits({ event_id: 'one' }, 'no application', tries);
    const told = lines.map((line) => JSON.parse(line) as { tries: number; event_id: string });
    expect(told.map(({ tries }) => tries)).toEqual([1, 2, 4, 8]);
    expect(told[0]).toMatchObject({ event_id: 'one', msg: 'no application: it waits' });
    expect(gaps.counts.waited).toBe(10);
  });
});
