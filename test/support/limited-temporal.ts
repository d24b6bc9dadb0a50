import { TestWorkflowEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { temporalBinary } from '../../src/embedded/temporal/binary.js';
import { logRuntimeTo } from './runtime.js';
import { stopAfterwards } from './stop-afterwards.js';

/** A Temporal server of one's own that takes so many signals for a run of a workflow, and no more. */
export async function startLimitedTemporal(
  signals: number,
): Promise<{ address: string; env: TestWorkflowEnvironment }> {
  logRuntimeTo(pino({ level: 'silent' }));
  const path = await temporalBinary({
    serverPath: process.env.POSTHORN_TEMPORAL_SERVER,
    progress: (line) => process.stderr.write(`${line}\n`),
    signal: new AbortController().signal,
  });
  const env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: ['--dynamic-config-value', `history.maximumSignalsPerExecution=${signals}`],
    },
  });
  stopAfterwards(() => env.teardown());
  return { address: env.address, env };
}
