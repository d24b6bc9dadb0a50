/** Work that begins when it is called, and ends when it is told to. */
export function workByHand() {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    /** The names of what has begun, in that order. */
    begun,
    /** The work of that name; it gives its name. */
    work: (name: string) => () =>
      new Promise<string>((resolve, reject) => {
        begun.push(name);
        ends.set(name, (error) => (error ? reject(error) : resolve(name)));
      }),
    end: (name: string, error?: Error) => ends.get(name)?.(error),
  };
}
