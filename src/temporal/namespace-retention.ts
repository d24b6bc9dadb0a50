import type { Client } from '@temporalio/client';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import type { Logger } from 'pino';
import { inTime } from './calls.js';

const DAY_SECONDS = 86_400;
const PATIENCE_MS = 5_000;

/**
 * How many days a namespace should keep closed workflows: at most as long as PostgreSQL keeps events, because dropped
 * data must not live on in histories; and at least a day, so that there is something to see.
 * @param seconds for how long it keeps them now; 0 when it says nothing
 * @returns null when that is right
 */
export function fittingRetention(seconds: number, retentionDays: number): number | null {
  if (seconds >= DAY_SECONDS && seconds <= retentionDays * DAY_SECONDS) return null;
  return seconds > 0 && seconds < DAY_SECONDS ? 1 : retentionDays;
}

/**
 * Sets the retention of the embedded server's namespace to fit PostgreSQL's. A given server may be shared: there it is
 * only checked, and a warning names the command. Neither keeps Posthorn from starting.
 */
export async function fitNamespaceRetention(
  client: Client,
  options: { readonly retentionDays: number; readonly isOurs: boolean; readonly logger: Logger },
): Promise<void> {
  const { namespace } = client.options;
  const { retentionDays, isOurs, logger } = options;
  try {
    const { config } = await inTime(client, PATIENCE_MS, () =>
      client.workflowService.describeNamespace({ namespace }),
    );
    const days = fittingRetention(Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0), retentionDays);
    if (days === null) return;
    if (isOurs) {
      const workflowExecutionRetentionTtl = msNumberToTs(days * DAY_SECONDS * 1_000);
      await inTime(client, PATIENCE_MS, () =>
        client.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } }),
      );
      logger.info({ namespace, days }, 'set the retention of the Temporal namespace');
      return;
    }
    logger.warn(
      { namespace, retention_days: retentionDays },
      'the Temporal namespace keeps closed workflows, and the bodies in them, for a different time than Posthorn ' +
        `keeps events: set it with \`temporal operator namespace update --namespace ${namespace} --retention ${days}d\``,
    );
  } catch (err) {
    logger.warn({ err, namespace }, 'could not check the retention of the Temporal namespace');
  }
}
