import fc from 'fast-check';

/** Few segments, so that types and patterns often meet. */
const segment = fc.constantFrom('a', 'b', 'ab', 'A', '_', '0');
const joined = (part: fc.Arbitrary<string>) =>
  fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));

export const eventType = joined(segment);
export const eventTypePattern = joined(fc.oneof(segment, fc.constant('*')));
