import type { Delivery, Event } from '../../client/index.js';

/** How good something is. Each tone has a colour and an icon; the word says it too. */
export type Tone = 'good' | 'bad' | 'waits' | 'busy' | 'still';

export interface StatusWords {
  readonly tone: Tone;
  readonly word: string;
  /** More of it, where the word is not enough. */
  readonly more: string | null;
}

type State = Pick<Delivery, 'status' | 'reason' | 'next_attempt_at'>;

const FAILED_BECAUSE: Readonly<Record<string, string>> = {
  exhausted: 'no attempt is left',
  refused: 'refused by the receiver',
  expired: 'expired',
  endpoint_deleted: 'endpoint deleted',
};

const HELD_BECAUSE: Readonly<Record<string, string>> = {
  endpoint_paused: 'endpoint paused',
  endpoint_disabled: 'endpoint disabled',
  at_capacity: 'at capacity',
};

/** A delivery's state in one word, and why. */
export function deliveryStatus({ status, reason, next_attempt_at: next }: State): StatusWords {
  switch (status) {
    case 'delivered':
      return { tone: 'good', word: 'Delivered', more: null };
    case 'processing':
      return { tone: 'busy', word: 'Sending', more: null };
    case 'pending': {
      if (reason === 'scheduled') return { tone: 'waits', word: 'Scheduled', more: null };
      const because = HELD_BECAUSE[reason ?? ''];
      return because === undefined
        ? { tone: 'busy', word: 'Pending', more: null }
        : { tone: 'still', word: 'Held', more: because };
    }
    case 'failed': {
      if (reason === 'cancelled') return { tone: 'still', word: 'Cancelled', more: null };
      const because = FAILED_BECAUSE[reason ?? ''];
      if (because !== undefined) return { tone: 'bad', word: 'Failed', more: because };
      const held = HELD_BECAUSE[reason ?? ''];
      if (held !== undefined) return { tone: 'still', word: 'Held', more: held };
      return next === null
        ? { tone: 'bad', word: 'Failed', more: null }
        : { tone: 'waits', word: 'Will retry', more: null };
    }
  }
}

/** Whether no attempt will follow. */
export function hasEnded({ completed_at: completedAt }: Pick<Delivery, 'completed_at'>): boolean {
  return completedAt !== null;
}

export function eventStatus(status: Event['status']): StatusWords {
  switch (status) {
    case 'pending':
      return { tone: 'busy', word: 'Pending', more: null };
    case 'delivered':
      return { tone: 'good', word: 'Delivered', more: null };
    case 'failed':
      return { tone: 'bad', word: 'Failed', more: null };
    case 'cancelled':
      return { tone: 'still', word: 'Cancelled', more: null };
    case 'unmatched':
      return { tone: 'still', word: 'Unmatched', more: null };
  }
}

const DISABLED_BECAUSE: Readonly<Record<string, string>> = {
  manual: 'by hand',
  consecutive_failures: 'after too many failures in a row',
  continuous_failure: 'after failing for too long',
  gone: 'because it answered 410 Gone',
};

export function endpointStatus(
  status: 'active' | 'paused' | 'disabled',
  disabledReason: string | null,
): StatusWords {
  switch (status) {
    case 'active':
      return { tone: 'good', word: 'Active', more: null };
    case 'paused':
      return { tone: 'waits', word: 'Paused', more: null };
    case 'disabled': {
      const because = disabledReason === null ? null : (DISABLED_BECAUSE[disabledReason] ?? disabledReason);
      return { tone: 'bad', word: 'Disabled', more: because };
    }
  }
}
