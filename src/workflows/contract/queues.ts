/** The queue of attempts that may wait, beside the workflows' own. */
export function deliveryQueueOf(taskQueue: string): string {
  return `${taskQueue}-deliveries`;
}
