import { useState } from 'react';
import type { Profile } from '../../../verify/index.js';
import { Playground } from './playground.js';
import { Snippet } from './snippet.js';

/** Says what is wrong with a request, and shows code that verifies. Both run here: nothing is sent. */
export function VerifyPanel({
  profile: initial,
  readSecret,
}: {
  profile: Profile;
  /** Reads the endpoint's secret, where it is known which endpoint it is. */
  readSecret?: () => Promise<string>;
}) {
  const [profile, setProfile] = useState<Profile>(initial);
  return (
    <div className="verify">
      <Playground profile={profile} onProfile={setProfile} {...(readSecret && { readSecret })} />
      <Snippet profile={profile} />
    </div>
  );
}
