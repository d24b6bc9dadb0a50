import type { Command, Option } from 'commander';

/** What ids are completed. */
export type Resource = 'events' | 'endpoints' | 'deliveries' | 'apps';

export interface Candidates {
  readonly fixed: readonly string[];
  /** The ids of what may come next, too; null: none. */
  readonly wantsIdOf: Resource | null;
}

const RESOURCES: Readonly<Record<string, Resource>> = {
  events: 'events',
  why: 'events',
  endpoints: 'endpoints',
  deliveries: 'deliveries',
  apps: 'apps',
};
const FLAGS: Readonly<Record<string, Resource>> = {
  '--endpoint': 'endpoints',
  '--to': 'endpoints',
  '--webhook': 'endpoints',
  '--event': 'events',
  '--app': 'apps',
};

/**
 * What may stand in the place of the last word, by the words before it. The shell chooses those that begin as it does.
 * @param words after `posthorn`; the last is the one that is being typed, perhaps empty
 */
export function candidatesFor(program: Command, words: readonly string[]): Candidates {
  const before = words.slice(0, -1);
  let command = program;
  const groups: string[] = [];
  for (const word of before) {
    const next = command.commands.find((each) => each.name() === word);
    if (!next) continue;
    command = next;
    groups.push(word);
  }
  const previous = before.at(-1) ?? '';
  const option = command.options.find(({ long, short }) => long === previous || short === previous);
  if (option && (option.required || option.optional)) {
    return { fixed: option.argChoices ?? [], wantsIdOf: FLAGS[option.long ?? ''] ?? null };
  }
  if (words.at(-1)?.startsWith('-')) return { fixed: command.options.map(nameOf), wantsIdOf: null };
  const takesId = command.registeredArguments.some((argument) => argument.name() === 'id');
  return {
    fixed: command.commands.map((each) => each.name()).filter((name) => !name.startsWith('_')),
    wantsIdOf: takesId ? (RESOURCES[groups[0] ?? ''] ?? null) : null,
  };
}

function nameOf({ long, short }: Option): string {
  return long ?? short ?? '';
}
