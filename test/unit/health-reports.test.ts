import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HealthReports } from '../../src/temporal/client/health-reports.js';

/** Reports whose sending ends when a test says so. */
function given() {
  const sent: { endpointId: string; accept: () => void; fail: () => void }[] = [];
  const reports = new HealthReports(
    (_appId, endpointId) =>
      new Promise((resolve, reject) => {
        sent.push({ endpointId, accept: resolve, fail: () => reject(new Error('away')) });
      }),
    () => undefined,
  );
  return { sent, reports };
}

describe('a report', () => {
  it('that comes while one is on its way shares the next', async () => {
    const { sent, reports } = given();
    const first = reports.tell('app', 'a');
    const others = [reports.tell('app', 'a'), reports.tell('app', 'a'), reports.tell('app', 'b')];
    expect(sent.map(({ endpointId }) => endpointId)).toEqual(['a', 'b']);
    sent[0]?.accept();
    await first;
    await expect.poll(() => sent).toHaveLength(3);
    sent[1]?.accept();
    sent[2]?.accept();
    await Promise.all(others);
    expect(sent).toHaveLength(3);
  });

  it('that fails fails for those who waited for it, and not for those after them', async () => {
    const { sent, reports } = given();
    const first = reports.tell('app', 'a');
    const second = reports.tell('app', 'a');
    sent[0]?.fail();
    await expect(first).rejects.toThrow('away');
    await expect.poll(() => sent).toHaveLength(2);
    sent[1]?.accept();
    await second;
  });

  it('that is only mentioned goes once a second, whatever comes', async () => {
    const { sent, reports } = given();
    for (let n = 0; n < 100; n += 1) reports.mention('app', 'a');
    expect(sent).toHaveLength(0);
    await expect.poll(() => sent).toHaveLength(1);
    sent[0]?.accept();
    await sleep(50);
    expect(sent).toHaveLength(1);
  });
});
