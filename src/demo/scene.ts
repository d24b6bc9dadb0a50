import { UserError } from '../lib/user-error.js';
import type { Application } from './application.js';
import type { Patience } from './patience.js';

/** One thing that the demo shows. Scenes are played one after the other, and none needs another. */
export interface Scene {
  readonly title: string;
  /** @throws UserError that names the profile, when something is not as it must be */
  play(stage: Stage): Promise<void>;
}

/** A line: what it is about, and what there is to say of it. */
export type Row = readonly [about: string, text: string];

/** What a scene plays with. */
export class Stage {
  constructor(
    /** One of every profile. */
    readonly applications: readonly Application[],
    readonly patience: Patience,
    private readonly say: (text: string) => void,
    private readonly temporalUiUrl: string | undefined,
  ) {}

  application(profileId: string): Application {
    const found = this.applications.find(({ profile }) => profile.id === profileId);
    if (!found) throw new Error(`there is no application of the profile "${profileId}"`);
    return found;
  }

  /** All at once, so that scenes which do several things at the same time stay readable. */
  tell({ profile }: Application, rows: readonly Row[]): void {
    const lines = rows.map(([about, text]) => `    ${about.padEnd(12)}${text}`);
    this.say([`  ${profile.title} (${profile.id})`, ...lines, ''].join('\n'));
  }

  /** A link to a workflow in the Temporal UI, where there is one. */
  linkTo(workflowId: string): Row[] {
    return this.linkInUi(`/${encodeURIComponent(workflowId)}`);
  }

  /** A link to the workflows whose ids begin so. */
  linkToAll(workflowIdPrefix: string): Row[] {
    return this.linkInUi(`?query=${encodeURIComponent(`WorkflowId STARTS_WITH "${workflowIdPrefix}"`)}`);
  }

  private linkInUi(rest: string): Row[] {
    // The embedded server has this one namespace.
    const workflows = '/namespaces/default/workflows';
    return this.temporalUiUrl === undefined ? [] : [['workflow', `${this.temporalUiUrl}${workflows}${rest}`]];
  }
}

/** @throws UserError that names the profile, when it does not hold */
export function must(holds: boolean, { profile }: Application, otherwise: string): asserts holds {
  if (!holds) throw new UserError(`${profile.id}: ${otherwise}.`);
}

/** The time of day in UTC, to the millisecond. */
export function clock(time: Date): string {
  return time.toISOString().slice(11, 23);
}

/** The time of day in UTC of a Unix time in seconds. */
export function clockOfSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}
