/** One of each list in turn, until there are `most`: a long list leaves the others their part. */
export function inTurns<T>(lists: readonly (readonly T[])[], most: number): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const rounds = Array.from({ length: longest }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1)));
  return rounds.flat().slice(0, most);
}
