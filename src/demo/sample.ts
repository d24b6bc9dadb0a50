import type { Profile } from '../profiles/profile.js';

/** An event as it is submitted. */
export interface Sample {
  readonly event_type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The first event of the profile's catalogue, as its document shows it; a profile without one takes any. */
export function sampleOf({ catalogue, testEvent: { attributes } }: Profile): Sample {
  const [first] = catalogue ?? [];
  return first
    ? { event_type: first.name, data: first.example, attributes }
    : { event_type: 'order.paid', data: { order: 17, total: '49.90', currency: 'EUR' }, attributes };
}
