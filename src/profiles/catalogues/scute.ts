import type { CatalogueEntry } from '../profile.js';

/** The event types of file 000, with its own shapes as examples. */

const channels = ['sms', 'email'] as const;

/** `verification.{channel}.{outcome}`: what each outcome means, and what its payload adds to the common one. */
const outcomes = [
  { outcome: 'requested', when: 'Verification sent', adds: {} },
  {
    outcome: 'verified',
    when: 'Contact confirmed (magic link click, OTP code, or consent approval)',
    adds: { consent_decision: 'approved', denial_reason: null },
  },
  {
    outcome: 'expired',
    when: 'Timed out. Fires even if the link was never opened',
    adds: { was_opened: false },
  },
  { outcome: 'failed', when: 'OTP max attempts exceeded', adds: {} },
  {
    outcome: 'denied',
    when: 'Contact denied the action (consent mode)',
    adds: { consent_decision: 'denied', denial_reason: 'I did not ask for this' },
  },
  {
    outcome: 'delivery_failed',
    when: 'SMS/email failed to send (bad number, provider error)',
    adds: { error: 'The number is not in service' },
  },
] as const;

/** Which parts of `timing` are known once a verification has come to an outcome. */
function timingOf(outcome: string) {
  const sent = { sent_at: '2026-04-16T01:00:00Z' };
  const opened = { ...sent, opened_at: '2026-04-16T01:00:47Z' };
  if (outcome === 'verified') {
    return { ...opened, confirmed_at: '2026-04-16T01:00:52Z', time_to_verify_seconds: 52 };
  }
  return outcome === 'failed' || outcome === 'denied' ? opened : sent;
}

const verifications: readonly CatalogueEntry[] = channels.flatMap((channel) =>
  outcomes.map(({ outcome, when, adds }) => ({
    name: `verification.${channel}.${outcome}`,
    description: when,
    example: {
      verification_id: '7d0a1f8e-3f0c-4f6a-9a35-5f8f3a9f2c11',
      intent: 'Password Reset',
      meta_data: { contact_email: 'user@company.com', ticket_id: '12345', delivery_method: channel },
      timing: timingOf(outcome),
      device: { os: 'iOS', browser: 'Safari' },
      ip_address: '203.0.113.42',
      ...adds,
      ...(outcome === 'delivery_failed' ? { channel } : {}),
    },
  })),
);

const CHALLENGE = { challenge_id: '1c9f7a52-6f0e-4a63-8a1d-2f4f0e6b7c90', user_id: 'user-1' };
const USER = { user_id: 'user-1', email: 'user@company.com' };

export const scuteCatalogue: readonly CatalogueEntry[] = [
  ...verifications,
  {
    name: 'auth.login.failed',
    description: 'Login attempt failed',
    example: { identifier: 'user@company.com', reason: 'invalid_credentials', ip_address: '203.0.113.42' },
  },
  {
    name: 'challenge.created',
    description: 'Challenge created (any type)',
    example: { ...CHALLENGE, type: 'magic_link' },
  },
  {
    name: 'challenge.completed',
    description: 'Challenge verified',
    example: { ...CHALLENGE, type: 'magic_link' },
  },
  { name: 'challenge.failed', description: 'Challenge failed', example: { ...CHALLENGE, type: 'otp' } },
  { name: 'user.created', description: 'New user registered', example: USER },
  { name: 'user.updated', description: 'User profile updated', example: { ...USER, changes: ['name'] } },
  {
    name: 'user.identifier_changed',
    description: 'Email or phone changed',
    example: { ...USER, previous_email: 'old@company.com' },
  },
  {
    name: 'webhook.test',
    description: 'Test ping from dashboard',
    example: { message: 'Test ping from dashboard' },
  },
];
