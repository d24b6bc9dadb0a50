import { FairQueue } from '../../lib/fair-queue.js';
import { problems } from '../http/problem.js';

const MAX_WAITING = 2_000;
const MAX_WAITING_CHARACTERS = 33_554_432;
/** Share of the queue and of the characters that one owner may have. */
const SHARE = 0.25;
const PATIENCE_MS = 5_000;

interface Job {
  readonly characters: number;
  readonly since: number;
  readonly begin: () => Promise<void>;
  readonly giveUp: () => void;
}

/** Runs one job at a time; owners take turns. */
export class FairJobs {
  private readonly waiting = new FairQueue<Job>();
  private characters = 0;
  private working = false;

  /**
   * @param characters size of what waits with the job
   * @throws Problem 503 when too much waits already, or it has waited for too long; what `work` throws
   */
  run<T>(owner: string, characters: number, work: () => Promise<T>): Promise<T> {
    const own = this.waiting.of(owner);
    const ownCharacters = own.reduce((sum, job) => sum + job.characters, 0);
    if (
      this.waiting.size >= MAX_WAITING ||
      own.length >= MAX_WAITING * SHARE ||
      this.characters + characters > MAX_WAITING_CHARACTERS ||
      ownCharacters + characters > MAX_WAITING_CHARACTERS * SHARE
    ) {
      return Promise.reject(problems.busy());
    }
    return new Promise((resolve, reject) => {
      this.waiting.add(owner, {
        characters,
        since: performance.now(),
        // The next job gets its turn, however `work` fails.
        begin: async () => {
          const done = Promise.resolve().then(work);
          resolve(done);
          await Promise.allSettled([done]);
        },
        giveUp: () => reject(problems.busy()),
      });
      this.characters += characters;
      void this.goOn();
    });
  }

  private async goOn(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let job = this.take(); job; job = this.take()) {
      if (performance.now() - job.since > PATIENCE_MS) job.giveUp();
      else await job.begin();
    }
    this.working = false;
  }

  private take(): Job | undefined {
    const job = this.waiting.take();
    this.characters -= job?.characters ?? 0;
    return job;
  }
}
