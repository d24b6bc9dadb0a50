import { type Scheme, schemes } from './scheme.js';
import type { VerifyOptions } from './types.js';

/** As Standard Webhooks and its libraries have it. */
const DEFAULT_TOLERANCE_SECONDS = 300;

export interface Settings {
  readonly scheme: Scheme;
  /** As they were given, none of them read yet. */
  readonly secrets: readonly string[];
  readonly toleranceSeconds: number;
  /** Unix time in whole seconds, as senders write it. */
  readonly nowSeconds: number;
}

/** @throws TypeError for an unknown profile, or a tolerance that is no number from 0 on: the caller's code is wrong */
export function settingsOf(options: VerifyOptions): Settings {
  const {
    secret,
    profile = 'standard',
    toleranceSeconds = DEFAULT_TOLERANCE_SECONDS,
    now = Date.now,
  } = options;
  if (!Object.hasOwn(schemes, profile)) {
    throw new TypeError(`There is no profile "${profile}"; there are ${Object.keys(schemes).join(', ')}.`);
  }
  if (!(toleranceSeconds >= 0)) throw new TypeError('toleranceSeconds must be a number from 0 on.');
  return {
    scheme: schemes[profile],
    secrets: Array.isArray(secret) ? (secret as readonly string[]) : [secret as string],
    toleranceSeconds,
    nowSeconds: Math.floor(now() / 1000),
  };
}
