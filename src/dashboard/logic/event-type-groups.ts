/** Event types of one first segment: `user.created` and `user.deleted` are of group `user`. */
export interface EventTypeGroup {
  readonly name: string;
  /** The pattern that subscribes to all of them, and to those that are added later. */
  readonly pattern: string;
  readonly types: readonly string[];
}

/** Subscribes to every event type. */
export const EVERYTHING = '*';

/** The groups of the types, in the order in which they first come. A type without a dot is a group of its own. */
export function groupsOf(types: readonly string[]): EventTypeGroup[] {
  const byName = new Map<string, string[]>();
  for (const type of types) {
    const [name = type] = type.split('.');
    byName.set(name, [...(byName.get(name) ?? []), type]);
  }
  return [...byName].map(([name, members]) => ({ name, pattern: `${name}.*`, types: members }));
}

/** The groups with the types that have the text in their name, without groups that have none. */
export function groupsWith(groups: readonly EventTypeGroup[], text: string): EventTypeGroup[] {
  const wanted = text.trim().toLowerCase();
  return groups
    .map((group) => ({ ...group, types: group.types.filter((type) => type.toLowerCase().includes(wanted)) }))
    .filter(({ types }) => types.length > 0);
}

/** Whether the patterns subscribe to the type: by its name, its group's pattern, or all. */
export function isChosen(patterns: readonly string[], type: string): boolean {
  const [name = ''] = type.split('.');
  return patterns.includes(EVERYTHING) || patterns.includes(type) || patterns.includes(`${name}.*`);
}

/** Whether the patterns subscribe to the whole group, and to what is added to it later. */
export function isGroupChosen(patterns: readonly string[], group: EventTypeGroup): boolean {
  return patterns.includes(EVERYTHING) || patterns.includes(group.pattern);
}

/** All types, or none. */
export function withEverything(chosen: boolean): string[] {
  return chosen ? [EVERYTHING] : [];
}

/** The patterns with the whole group, or without any of it. */
export function withGroup(
  patterns: readonly string[],
  groups: readonly EventTypeGroup[],
  group: EventTypeGroup,
  chosen: boolean,
): string[] {
  const others = spelledOut(patterns, groups).filter(
    (pattern) => pattern !== group.pattern && !group.types.includes(pattern),
  );
  return chosen ? [...others, group.pattern] : others;
}

/** The patterns with the type, or without it. Without one of a group they name the others. */
export function withType(
  patterns: readonly string[],
  groups: readonly EventTypeGroup[],
  type: string,
  chosen: boolean,
): string[] {
  if (chosen) return isChosen(patterns, type) ? [...patterns] : [...patterns, type];
  const group = groups.find(({ types }) => types.includes(type));
  return spelledOut(patterns, groups)
    .flatMap((pattern) => (pattern === group?.pattern ? group.types : [pattern]))
    .filter((pattern) => pattern !== type);
}

/** The same without `*`: a pattern for each group. */
function spelledOut(patterns: readonly string[], groups: readonly EventTypeGroup[]): string[] {
  if (!patterns.includes(EVERYTHING)) return [...patterns];
  return groups.map(({ pattern, types, name }) => (types.length === 1 && types[0] === name ? name : pattern));
}

/** The patterns in a few words: `All events`, `order.paid`, `order.paid +3`. */
export function inFewWords(patterns: readonly string[]): string {
  if (patterns.includes(EVERYTHING)) return 'All events';
  const [first = 'None', ...others] = patterns;
  return others.length === 0 ? first : `${first} +${others.length}`;
}
