import { Option, type Command } from 'commander';

/** What a command runs. Its options have the type that the command's declaration gives them. */
export type Run = (args: readonly string[], options: never) => Promise<void>;

export interface Definition {
  /** Its name and arguments, as commander writes them: `get <id>`. */
  readonly use: string;
  readonly summary: string;
  /** Command lines as they are typed. A test runs them all; docs/cli.md shows them. */
  readonly examples?: readonly string[];
  readonly options?: readonly Option[];
  /** `alone`: calls no API, and has none of the flags for it. */
  readonly kind?: 'client' | 'alone';
  readonly hidden?: boolean;
  /** Imports the command's own file: nothing of it is loaded before, so that `--help` is quick. */
  readonly load: () => Promise<{ readonly run: Run }>;
}

const examples = new WeakMap<Command, readonly string[]>();

/** Adds a command to `parent`. */
export function define(parent: Command, definition: Definition): Command {
  const { use, summary, kind = 'client', options = [], load, hidden = false } = definition;
  const command = parent.command(use, { hidden }).description(summary);
  for (const option of options) command.addOption(option);
  if (kind === 'client') addClientFlags(command);
  examples.set(command, definition.examples ?? []);
  const shown = examplesOf(command).map((line) => `  $ ${line}`);
  if (shown.length > 0) command.addHelpText('after', ['', 'Examples:', ...shown].join('\n'));
  return command.action(async () => {
    const { run } = await load();
    // Commander has checked them by the declarations that the type of `run`'s options repeats.
    await run(command.args, command.optsWithGlobals<never>());
  });
}

/** A command that has others. */
export function group(parent: Command, name: string, summary: string): Command {
  return parent.command(name).description(summary);
}

/** The examples in a command's help. */
export function examplesOf(command: Command): readonly string[] {
  return examples.get(command) ?? [];
}

export function option(flags: string, text: string): Option {
  return new Option(flags, text);
}

/** A flag that may be given several times. It takes one value each time, so that arguments may follow it. */
export function repeatable(flags: string, text: string): Option {
  return new Option(flags, text).argParser((value: string, before: readonly string[] = []) => [
    ...before,
    value,
  ]);
}

const CLIENT_FLAGS = 'Connection and output:';

/** The flags of every command that calls the API. `client-flags.ts` has their types. */
function addClientFlags(command: Command): void {
  const flags = [
    option('--url <url>', 'where the API is (POSTHORN_URL)'),
    option('--key <key>', 'the key (POSTHORN_API_KEY); - reads it from standard input'),
    option('--app <id>', 'the application (POSTHORN_APP)'),
    option('--context <name>', 'a context that `posthorn login` has kept (POSTHORN_CONTEXT)'),
    option('-o, --output <form>', 'how it is printed').choices(['table', 'json', 'jsonl']).default('table'),
    option('--json', 'the same as -o json: the API’s answer'),
    option('--time <form>', 'how times are printed').choices(['relative', 'iso']).default('relative'),
    option('--no-color', 'print without colours (NO_COLOR)'),
    option('-q, --quiet', 'print no hints'),
    option('--timeout <duration>', 'how long one call may take').default('30s'),
  ];
  for (const flag of flags) command.addOption(flag.helpGroup(CLIENT_FLAGS));
}
