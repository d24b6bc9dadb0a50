/**
 * `posthorn/verify`: whether a request comes from who holds the secret, for every documented system. The build makes one
 * file of this folder, which imports nothing and needs WebCrypto alone: it runs in Node, Deno, Bun, workers and browsers.
 */
export type * from './types.js';
export { explain } from './explain.js';
export { profiles } from './profiles.js';
export { VerificationError } from './verification-error.js';
export { verify, verifyRequest } from './verify.js';
