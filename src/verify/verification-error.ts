import type { Reason } from './types.js';

/** A request that is not to be trusted, or a secret that nothing can be verified with. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly reason: Reason;
  /** The header that is missing, malformed or untrue, in lower case; null where it is none. */
  readonly header: string | null;
  /**
   * The status to answer with: 400 for a request without a proper signature or body, 401 for one that is not genuine or
   * not recent, 500 for a malformed secret, which is the receiver's own fault: senders try a 500 again.
   */
  readonly status: 400 | 401 | 500;

  /** `message` is a sentence for people, and holds neither secret nor body. */
  constructor(reason: Reason, message: string, header: string | null = null) {
    super(message);
    this.reason = reason;
    this.header = header;
    this.status = statusOf(reason);
  }
}

function statusOf(reason: Reason): 400 | 401 | 500 {
  switch (reason) {
    case 'header_missing':
    case 'header_malformed':
    case 'body_not_json':
      return 400;
    case 'timestamp_too_old':
    case 'timestamp_too_new':
    case 'signature_mismatch':
      return 401;
    case 'secret_malformed':
      return 500;
  }
}
