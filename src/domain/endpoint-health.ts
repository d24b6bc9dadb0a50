/**
 * What becomes of an endpoint whose deliveries fail, as a state machine. Pure: a workflow imports it.
 *
 *     active ──first failure──▶ failing ──rule met──▶ disabled ──enabled──▶ probation
 *        ▲                         │                     ▲                    │    │
 *        │                     delivered                 └──────rule met──────┘    │
 *        └───────────────────── recovered ◀──────────────delivered─────────────────┘
 *
 * It is told that something happened and looks at what the log says now, so that reports which come twice, late, or
 * in another order change nothing. `recovered` and `deleted` are ends: a healthy endpoint has no state machine.
 */

export type HealthState = 'active' | 'failing' | 'disabled' | 'probation' | 'recovered' | 'deleted';

/** An endpoint as the log has it now. Times are ISO 8601. */
export interface EndpointStanding {
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  /** The rule that its failures have met, while it has not been disabled for it yet. */
  readonly tripped: string | null;
  /** Failures in a row that count. */
  readonly failureCount: number;
  readonly failingSince: string | null;
  /** It has failed, and not delivered since. */
  readonly unwell: boolean;
}

/** What a change of state asks for. */
export type HealthStep =
  { readonly kind: 'disable' } | { readonly kind: 'announce'; readonly type: OperationalHealthEvent };

export type OperationalHealthEvent = 'endpoint.failing' | 'endpoint.disabled' | 'endpoint.recovered';

export interface Transition {
  /** ISO 8601. */
  readonly at: string;
  readonly from: HealthState;
  readonly to: HealthState;
  readonly failureCount: number;
  /** Why it was disabled; null otherwise. */
  readonly reason: string | null;
}

/** What the `status` query of an endpoint's health workflow answers. */
export interface HealthStatus {
  readonly state: HealthState;
  readonly failureCount: number;
  readonly failingSince: string | null;
  /** The last changes of state, oldest first. */
  readonly history: readonly Transition[];
}

/** A longer history would make every continue-as-new heavier, and PostgreSQL has all of it. */
const LONGEST_HISTORY = 50;

export const NEW_HEALTH: HealthStatus = {
  state: 'active',
  failureCount: 0,
  failingSince: null,
  history: [],
};

/**
 * The state after a look at the log, and what it asks for, in order. `disable` comes first where there is more, and
 * is to be followed by another look.
 * @param standing null when the endpoint is gone
 * @param at the time of the look, ISO 8601
 */
export function observe(
  status: HealthStatus,
  standing: EndpointStanding | null,
  at: string,
): { readonly status: HealthStatus; readonly steps: readonly HealthStep[] } {
  const to = standing ? stateBy(status.state, standing) : 'deleted';
  const next: HealthStatus = {
    state: to,
    failureCount: standing?.failureCount ?? 0,
    failingSince: standing?.failingSince ?? null,
    history: status.history,
  };
  const disable: HealthStep[] = standing?.enabled && standing.tripped !== null ? [{ kind: 'disable' }] : [];
  if (to === status.state) return { status: next, steps: disable };
  const reason = standing?.enabled === false ? standing.disabledReason : null;
  const transition: Transition = { at, from: status.state, to, failureCount: next.failureCount, reason };
  return {
    status: { ...next, history: [...status.history, transition].slice(-LONGEST_HISTORY) },
    steps: [...disable, ...announcements(transition)],
  };
}

/** Whether there is nothing left to watch. */
export function isOver({ state }: HealthStatus): boolean {
  return state === 'recovered' || state === 'deleted' || state === 'active';
}

function stateBy(from: HealthState, standing: EndpointStanding): HealthState {
  if (!standing.enabled) return 'disabled';
  if (standing.unwell) return from === 'disabled' || from === 'probation' ? 'probation' : 'failing';
  // It failed and delivered before anybody looked, or was enabled and is no failure's any more.
  return from === 'active' ? 'active' : 'recovered';
}

function announcements({ to, reason }: Transition): HealthStep[] {
  switch (to) {
    case 'failing':
      return [{ kind: 'announce', type: 'endpoint.failing' }];
    case 'disabled':
      // Whoever disables an endpoint by hand knows it.
      return reason === 'manual' ? [] : [{ kind: 'announce', type: 'endpoint.disabled' }];
    case 'recovered':
      return [{ kind: 'announce', type: 'endpoint.recovered' }];
    case 'active':
    case 'probation':
    case 'deleted':
      return [];
  }
}
