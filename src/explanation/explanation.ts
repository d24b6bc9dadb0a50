import type { App } from '../domain/app.js';
import type { Attempt } from '../domain/attempt.js';
import type { Delivery } from '../domain/delivery.js';
import type { Endpoint } from '../domain/endpoint.js';
import type { Profile } from '../profiles/profile.js';

/** What a delivery waits for, or how it ended; one text for each in this folder. */
export const EXPLANATION_CODES = [
  'delivered',
  'exhausted',
  'refused',
  'expired_event',
  'expired_held',
  'cancelled',
  'endpoint_deleted',
  'scheduled',
  'held_paused',
  'held_disabled',
  'held_at_capacity',
  'held_at_rate',
  'held_slow',
  'draining',
  'sending',
  'worker_lost',
  'retry_due',
  'retry_overdue',
  'about_to_begin',
  'no_worker',
  'temporal_away',
] as const;
export type ExplanationCode = (typeof EXPLANATION_CODES)[number];

/** What somebody can do about it. */
export const REMEDY_ACTIONS = [
  'retry_now',
  'resend',
  'send_test',
  'resume_endpoint',
  'enable_endpoint',
  'change_endpoint',
  'add_endpoint',
  'recover',
  'fix_receiver',
  'start_worker',
  'check_system',
] as const;

export interface Remedy {
  readonly action: (typeof REMEDY_ACTIONS)[number];
  /** One sentence. */
  readonly text: string;
  /** The call of the API that does it; absent where no call does. */
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly path?: string;
}

export interface NextAttempt {
  readonly at: Date;
  readonly number: number;
  /** How many attempts the schedule has in all. */
  readonly of: number;
}

/** Why a delivery has not been made yet, or how it ended; what happens next, and what would change it. */
export interface Explanation {
  readonly code: ExplanationCode;
  /** A few sentences of plain English; times in UTC. */
  readonly text: string;
  /** Since when it has been so; null where the log does not know. */
  readonly since: Date | null;
  /** When it changes by itself at the latest; null where nothing says so. */
  readonly until: Date | null;
  readonly next: NextAttempt | null;
  readonly remedies: readonly Remedy[];
}

/** What this process knew of the installation at its last look. */
export interface SystemState {
  readonly temporalAnswers: boolean;
  /** Whether workers poll both task queues. */
  readonly workersPoll: boolean;
  /** How long the oldest delivery that is due has waited, in milliseconds; null: none is due. */
  readonly oldestDueMs: number | null;
}

/** What an explanation is made from. */
export interface DeliveryFacts {
  readonly app: App;
  readonly profile: Profile;
  readonly delivery: Delivery;
  /** Null: it has been deleted. */
  readonly endpoint: Endpoint | null;
  /** The newest ones, the oldest of them first. */
  readonly attempts: readonly Attempt[];
  readonly system: SystemState;
  readonly now: Date;
}
