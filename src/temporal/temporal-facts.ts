import type { Client } from '@temporalio/client';
import { inTime, TemporalUnavailable } from './calls.js';

/** What an operator wants to know of Temporal. */
export interface TemporalFacts {
  readonly version: string;
  readonly namespace: string;
  /** How long it keeps closed workflows; null when it does not say. */
  readonly retentionDays: number | null;
}

const PATIENCE_MS = 1_750;
const DAY_SECONDS = 86_400;

/** Null when Temporal does not answer. */
export async function temporalFacts(client: Client): Promise<TemporalFacts | null> {
  const { namespace } = client.options;
  try {
    const [{ serverVersion }, { config }] = await inTime(client, PATIENCE_MS, () =>
      Promise.all([
        client.workflowService.getSystemInfo({}),
        client.workflowService.describeNamespace({ namespace }),
      ]),
    );
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    return {
      version: serverVersion ?? '',
      namespace,
      retentionDays: seconds > 0 ? seconds / DAY_SECONDS : null,
    };
  } catch (error) {
    if (error instanceof TemporalUnavailable) return null;
    throw error;
  }
}
