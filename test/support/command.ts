import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CLI } from './posthorn-process.js';
import { stopAfterwards } from './stop-afterwards.js';

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Launch {
  readonly environment?: Readonly<Record<string, string>>;
  /** What stands on standard input; nothing by default. */
  readonly input?: string;
  /** Options of Node itself. */
  readonly node?: readonly string[];
  /** Run by bash instead, with `posthorn` on its path. */
  readonly shell?: string;
}

/** The `posthorn` of this build, used as in a shell whose user has nothing set up but `environment`. */
export class CommandLine {
  /** The current directory, and the user's home. */
  readonly directory = mkdtempSync(join(tmpdir(), 'posthorn-command-'));

  constructor(private readonly environment: () => Readonly<Record<string, string>> = () => ({})) {
    stopAfterwards(() => rmSync(this.directory, { recursive: true, force: true }));
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], launch: Launch = {}): Promise<Ended> {
    const child = this.spawn(args, launch);
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ]);
    return { code, stdout, stderr };
  }

  /** What a command prints that must end well. @throws with what it said instead */
  async stdout(args: readonly string[], launch: Launch = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, launch);
    if (code !== 0) throw new Error(`posthorn ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`);
    return stdout;
  }

  /** The API's answer, as a command gives it with `-o json`. */
  async json<T>(args: readonly string[], launch: Launch = {}): Promise<T> {
    return JSON.parse(await this.stdout([...args, '-o', 'json'], launch)) as T;
  }

  /** Launches a command that goes on until Ctrl-C. */
  launch(args: readonly string[], launch: Launch = {}): RunningCommand {
    return new RunningCommand(this.spawn(args, launch));
  }

  private spawn(args: readonly string[], { environment = {}, input, node = [], shell }: Launch) {
    const [file, given] =
      shell === undefined ? [process.execPath, [...node, CLI, ...args]] : ['bash', ['-c', shell]];
    const child = spawn(file, given, {
      cwd: this.directory,
      env: {
        PATH: process.env.PATH,
        HOME: this.directory,
        NO_COLOR: '1',
        ...this.environment(),
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A command that reads nothing may have ended before.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return child;
  }
}

/** A command that goes on until Ctrl-C, with what it has printed so far. */
export class RunningCommand {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  readonly ended: Promise<number | null>;
  private readonly onLine = new Set<() => void>();

  constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((resolve) => child.once('close', (code: number | null) => resolve(code)));
    stopAfterwards(async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await this.ended;
    });
    for (const [output, lines] of [
      [child.stdout, this.stdout],
      [child.stderr, this.stderr],
    ] as const) {
      if (!output) throw new Error('the command has no output');
      createInterface({ input: output }).on('line', (line) => {
        lines.push(line);
        for (const tell of this.onLine) tell();
      });
    }
  }

  /** The first line on standard output or error that fits, as soon as it is there. @throws when the command ends before */
  async lineThat(fits: (line: string) => boolean): Promise<string> {
    const found = () => [...this.stdout, ...this.stderr].find(fits);
    return new Promise((resolve, reject) => {
      const look = () => {
        const line = found();
        if (line !== undefined) resolve(line);
      };
      this.onLine.add(look);
      look();
      void this.ended.then((code) =>
        reject(new Error(`ended with ${code}:\n${[...this.stderr, ...this.stdout].join('\n')}`)),
      );
    });
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  /** Ctrl-C; gives the exit code. */
  async interrupt(): Promise<number | null> {
    this.child.kill('SIGINT');
    return this.ended;
  }
}
