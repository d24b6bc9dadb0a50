/** What a script can tell from how a command ended. docs/cli.md lists them. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  key: 3,
  notThere: 4,
  refused: 5,
  unreachable: 6,
  /** It ran, and the answer is bad: `doctor` found a fault, `--wait` ended undelivered, `verify` says no. */
  bad: 7,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
