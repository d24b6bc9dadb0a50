import { profiles } from '../../src/verify/index.js';
import { code, table } from './markdown.js';

/** The table of docs/verify.md. */
export function verifiedProfiles(): string {
  return table(
    ['profile', 'signature in', 'old requests', 'the id is in'],
    Object.entries(profiles).map(([profile, { signatureHeader, signsTime, idFrom }]) => [
      `[${code(profile)}](profiles/${profile}.md)`,
      code(signatureHeader),
      signsTime ? 'are refused' : 'are accepted: no time is signed',
      code(idFrom),
    ]),
  );
}
