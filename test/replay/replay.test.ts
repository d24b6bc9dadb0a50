import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeterminismViolationError } from '@temporalio/workflow';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import pino from 'pino';
import { beforeAll, expect, it } from 'vitest';
import { profileById, profileIds } from '../../src/profiles/index.js';
import { HISTORIES, SUMS, sumOf } from './histories.js';
import { outcomesOf } from './profile-scenarios.js';
import { logRuntimeTo } from '../support/runtime.js';
import { WORKFLOW_BUNDLE } from '../support/test-posthorn.js';

const BROKEN = fileURLToPath(new URL('./broken/index.ts', import.meta.url));

/** What must be there, in some version at least: one history per outcome, and per profile. */
const OUTCOMES = [
  'delivered-local',
  'delivered-queued',
  'delivered-after-retries',
  'delivered-after-retries-local',
  'exhausted',
  'refused',
  'unmatched',
  'fan-out',
  'resend',
  'held-and-released',
  'drain',
  'cancelled',
  'recorded-late',
  'attempted-late',
  'opened-late',
  'cut-off-by-shutdown',
  'cut-off-by-shutdown-local',
  'recovered',
  'recover-paused',
  'recover-cancelled',
  'recover-continued',
  'health-recovered',
  'health-disabled-and-recovered',
  'health-disabled-by-hand',
  'health-deleted',
  'health-continued',
  'health-continuation',
  'held-by-rule',
  'drain-after-enabling',
  'drain-after-resuming',
  'drain-after-deletion',
  'drain-continued',
  'retried-now',
  'paused-and-resumed',
  'expired-while-held',
  'cancelled-while-held',
  'scheduled',
  'scheduled-and-hurried',
  'at-capacity',
  'deleted-in-backoff',
  'event-continuation',
  'removed',
  'removal-kept',
  'removal-continued',
  'removal-continuation',
  'delivered-with-opening',
  'retried-after-opening',
  'batch',
  'batch-with-rest',
  'carried-on',
  'answered-late',
  'cancelled-under-way',
  'recorded-late-under-way',
  'broken-off-under-way',
  'lost-under-way',
  'batch-with-late-answer',
  'batch-recorded-late',
  'carried-on-unrecorded',
  'carried-on-under-way',
  'reopened',
  'reopened-for-outcome',
  'reopened-for-cancellation',
  ...profileIds.flatMap((id) => outcomesOf(profileById(id)).map(({ name }) => `${id}-${name}`)),
];

const recorded = readdirSync(HISTORIES).flatMap((version) =>
  readdirSync(join(HISTORIES, version)).map((file) => ({
    version,
    name: file.replace(/\.json$/, ''),
    history: JSON.parse(readFileSync(join(HISTORIES, version, file), 'utf8')) as {
      events: { workflowExecutionStartedEventAttributes?: { workflowType: { name: string } } }[];
    },
  })),
);

beforeAll(() => logRuntimeTo(pino({ level: 'silent' })));

it('has a recorded history of every outcome', () => {
  const names = new Set(recorded.map(({ name }) => name));
  expect(OUTCOMES.filter((outcome) => !names.has(outcome))).toEqual([]);
});

it('histories are added, and never changed or taken away', () => {
  const files = [...new Set(recorded.map(({ version }) => version))].flatMap((version) =>
    readdirSync(join(HISTORIES, version)).map((file) => `${version}/${file}`),
  );
  const now = files.map((file) => `${sumOf(readFileSync(join(HISTORIES, file), 'utf8'))}  ${file}`);
  const then = readFileSync(SUMS, 'utf8').trimEnd().split('\n');
  expect(now.toSorted()).toEqual(then.toSorted());
});

/** The histories that do not replay, by name, with what was wrong. One worker replays them all. */
async function failures(histories: typeof recorded, workflowBundle: WorkflowBundleOption) {
  const named = histories.map(({ version, name, history }) => ({
    workflowId: `${version}: ${name}`,
    history,
  }));
  const failed = new Map<string, unknown>();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, named)) {
    if (error) failed.set(workflowId, error);
  }
  return failed;
}

it('the workflows replay what they did', { timeout: 120_000 }, async () => {
  expect(await failures(recorded, { codePath: WORKFLOW_BUNDLE })).toEqual(new Map());
});

it('a workflow that was changed carelessly does not replay', { timeout: 120_000 }, async () => {
  const bundle = await bundleWorkflowCode({ workflowsPath: BROKEN, logger: new DefaultLogger('ERROR') });
  const ofEvents = recorded.filter(({ history }) => typeOf(history) === 'deliverEvent');
  const failed = await failures(ofEvents, bundle);
  expect([...failed.keys()].toSorted()).toEqual(
    ofEvents.map(({ version, name }) => `${version}: ${name}`).toSorted(),
  );
  for (const error of failed.values()) expect(error).toBeInstanceOf(DeterminismViolationError);
});

function typeOf(history: (typeof recorded)[number]['history']): string | undefined {
  return history.events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name;
}
