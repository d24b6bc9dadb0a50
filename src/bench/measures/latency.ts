import { setTimeout as sleep } from 'node:timers/promises';
import { Application } from '../application.js';
import { now } from '../clock.js';
import { latencyOf, type Latency } from '../statistics.js';
import { connectTo, allOf, PATIENCE_MS, type Setting } from './setting.js';

const WARMING_EVENTS = 20;

/** From submission to arrival, of events that come at a rate, one at a time in a request. */
export async function measureLatency(
  setting: Setting,
  load: { readonly events: number; readonly perSecond: number },
): Promise<Latency> {
  const { receiver, progress } = setting;
  const application = await Application.create(connectTo(setting), receiver, {});
  await receiver.begin(application.endpoints);
  await application.submitMany(WARMING_EVENTS, 1, () => undefined);
  allOf(WARMING_EVENTS, await receiver.arrivals(WARMING_EVENTS, PATIENCE_MS));

  await receiver.begin(application.endpoints);
  await submitAt(load, () => application.submit(), progress);
  const { latenciesMs } = allOf(load.events, await receiver.arrivals(load.events, PATIENCE_MS));
  return latencyOf(latenciesMs);
}

/** Submits by the clock and not by the answers: what is late must not make the load smaller. */
export async function submitAt(
  load: { readonly events: number; readonly perSecond: number },
  submit: (n: number) => Promise<unknown>,
  progress: Setting['progress'],
): Promise<void> {
  const startedAt = now();
  const submissions: Promise<unknown>[] = [];
  for (let n = 0; n < load.events; n += 1) {
    await sleep(Math.max(0, startedAt + (n * 1_000) / load.perSecond - now()));
    const submission = submit(n);
    // What fails is thrown below; until then nobody waits for it.
    submission.catch(() => undefined);
    submissions.push(submission);
    progress(n + 1, load.events);
  }
  await Promise.all(submissions);
}
