import { existsSync } from 'node:fs';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VERSION } from '../../src/lib/version.js';
import { connectOperator } from '../support/temporal.js';
import { startTestPosthorn } from '../support/test-posthorn.js';
import { batchScenarios } from './batch-scenarios.js';
import { controlScenarios } from './control-scenarios.js';
import { healthScenarios } from './health-scenarios.js';
import { HISTORIES, SUMS, sumOf } from './histories.js';
import { logGapScenarios } from './log-gap-scenarios.js';
import { profileScenarios } from './profile-scenarios.js';
import { removalScenarios } from './removal-scenarios.js';
import { scenarios } from './scenarios.js';
import { underWayScenarios } from './under-way-scenarios.js';

/**
 * `npm run record-histories`: plays every scenario and keeps the histories of those that this version has not
 * recorded yet. What was recorded before is never written again: it is what running workflows may look like.
 */

let operator: { client: Client; close: () => Promise<void> };
let folder: string;

beforeAll(async () => {
  folder = join(HISTORIES, `v${VERSION}`);
  await mkdir(folder, { recursive: true });
  operator = await connectOperator();
});
afterAll(() => operator.close());

it.each(
  Object.entries({
    ...scenarios,
    ...profileScenarios,
    ...healthScenarios,
    ...controlScenarios,
    ...removalScenarios,
    ...batchScenarios,
    ...underWayScenarios,
    ...logGapScenarios,
  }),
)(
  '%s',
  async (_name, scenario) => {
    const posthorn = await startTestPosthorn(scenario.options);
    const recorded = await scenario.play({ posthorn, client: operator.client });
    for (const [name, workflow] of Object.entries(recorded)) {
      const { workflowId, runId } = typeof workflow === 'string' ? { workflowId: workflow } : workflow;
      const handle = operator.client.workflow.getHandle(workflowId, runId);
      // Of a run that was continued, the end of the last.
      await handle.result();
      const file = join(folder, `${name}.json`);
      if (existsSync(file)) continue;
      const history = anonymous(historyToJSON(await handle.fetchHistory()));
      await writeFile(file, history, { flag: 'wx' });
      await appendFile(SUMS, `${sumOf(history)}  ${relative(HISTORIES, file)}\n`);
    }
    expect(Object.keys(recorded)).not.toHaveLength(0);
    await posthorn.stop();
  },
  120_000,
);

/** Without what tells of the machine on which it was recorded: identities, and paths in stacks. */
function anonymous(history: string): string {
  const replaced = JSON.parse(history, (key, value: unknown) => {
    // A worker's identity, and its sticky queue, are "<pid>@<host>…".
    if (typeof value === 'string' && /^\d+@/.test(value)) return 'posthorn';
    return key === 'stackTrace' ? '' : value;
  }) as unknown;
  return `${JSON.stringify(replaced, null, 1)}\n`;
}
