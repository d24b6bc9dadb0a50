import type { Profile } from '../../verify/index.js';

/** A receiver's code for a profile. @param source of a receiver in examples/receivers, which is for `standard` */
export function snippetFor(source: string, profile: Profile): string {
  return profile === 'standard' ? source : source.replace('{ secret }', `{ secret, profile: '${profile}' }`);
}
