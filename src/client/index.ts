/** `posthorn/client`: Posthorn's API for programs, in Node and in browsers. docs/client.md has examples. */
export {
  PathParameterError,
  type AnswerOf,
  type Api,
  type BodyOf,
  type CallOptions,
  type PathsWith,
} from './api.js';
export type { components, paths } from './api-types.js';
export {
  createPosthorn,
  type Delivery,
  type DeliveryFilter,
  type Event,
  type EventFilter,
  type NewEvent,
  type Posthorn,
  type PosthornOptions,
} from './create-posthorn.js';
export { PosthornProblem, type FieldError, type ProblemBody } from './problem.js';
export type { Fetch } from './repeats.js';
export type { StreamKind, StreamMessage, StreamOptions } from './stream.js';
export { PosthornUnreachable } from './unreachable.js';
export { StillPending, type EventWithDeliveries, type WaitOptions } from './wait-for.js';
