import { schemes } from './scheme.js';
import type { Profile, ProfileFacts } from './types.js';

/** How each profile is verified, by its name. */
export const profiles: Readonly<Record<Profile, ProfileFacts>> = Object.fromEntries(
  Object.values(schemes).map(({ profile, signatureHeaders: [signatureHeader], time, idHeader }) => [
    profile,
    { signatureHeader, signsTime: time !== null, idFrom: idHeader ?? 'body.id' },
  ]),
) as Record<Profile, ProfileFacts>;
