/**
 * No stack traces in workflows. The SDK takes one for every promise, for `__stack_trace`: half a millisecond to a
 * millisecond of every event, and most of what a waiting delivery's workflow has in memory (docs/decisions/0021).
 * What a delivery waits for is told by `status` and by the workflow's details. To look for a fault, leave out the
 * import of this.
 */
Reflect.deleteProperty(Error, 'stackTraceLimit');
