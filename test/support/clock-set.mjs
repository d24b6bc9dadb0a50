/**
 * Preloaded into a process of Posthorn: its host's clock is so many milliseconds ahead of the true time, or behind.
 * Workflows have Temporal's time, whatever the host's is.
 */
const aheadMs = Number(process.env.TEST_CLOCK_AHEAD_MS ?? '0');
const TrueDate = Date;

globalThis.Date = class Date extends TrueDate {
  constructor(...given) {
    if (given.length === 0) super(TrueDate.now() + aheadMs);
    else super(...given);
  }
  static now() {
    return TrueDate.now() + aheadMs;
  }
};
