import { setTimeout as delay } from 'node:timers/promises';

/** Sends a report: starts the endpoint's health workflow, or tells the one that runs. */
export type SendReport = (appId: string, endpointId: string) => Promise<void>;

const MENTION_AFTER_MS = 1_000;

/**
 * Tells endpoints' health workflows that the log has something new of them. A report carries nothing: the workflow
 * looks for itself. So reports that come while one is on its way share the next, and an endpoint that fails a thousand
 * times a second costs a few signals.
 */
export class HealthReports {
  private readonly current = new Map<string, Promise<void>>();
  private readonly following = new Map<string, Promise<void>>();
  private readonly mentioned = new Set<string>();

  constructor(
    private readonly send: SendReport,
    private readonly onLoss: (error: unknown) => void,
  ) {}

  /** Resolves when a report that was sent after this call has been accepted. */
  tell(appId: string, endpointId: string): Promise<void> {
    const underWay = this.current.get(endpointId);
    if (!underWay) return this.start(appId, endpointId);
    const shared = this.following.get(endpointId);
    if (shared) return shared;
    const next = underWay
      .catch(() => undefined)
      .then(() => {
        this.following.delete(endpointId);
        return this.start(appId, endpointId);
      });
    this.following.set(endpointId, next);
    return next;
  }

  /** Tells within a second, together with what else is to be mentioned until then. Nobody waits for it. */
  mention(appId: string, endpointId: string): void {
    if (this.mentioned.has(endpointId)) return;
    this.mentioned.add(endpointId);
    void delay(MENTION_AFTER_MS, undefined, { ref: false })
      .then(() => {
        this.mentioned.delete(endpointId);
        return this.tell(appId, endpointId);
      })
      .catch(this.onLoss);
  }

  private start(appId: string, endpointId: string): Promise<void> {
    const report = this.send(appId, endpointId).finally(() => this.current.delete(endpointId));
    this.current.set(endpointId, report);
    return report;
  }
}
