import type { Scene } from '../scene.js';
import { disabling } from './disabling.js';
import { everyProfile } from './every-profile.js';
import { resend } from './resend.js';
import { retry } from './retry.js';

/** What the demo shows, in this order. */
export const scenes: readonly Scene[] = [everyProfile, retry, disabling, resend];
