import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { explain, profiles, type Profile } from '../../verify/index.js';
import { CommandError } from '../shared/command-error.js';
import { millisecondsIn } from '../shared/durations.js';
import { EXIT } from '../shared/exit-codes.js';
import { bytesOf } from '../shared/given-data.js';
import { outputFor } from '../shared/output.js';
import { headersIn } from './headers.js';

/** As it is built: one file without an import. */
const VERIFY_FILE = new URL('../../verify/index.js', import.meta.url);

interface VerifyFlags {
  readonly profile: string;
  readonly secret?: readonly string[];
  readonly headers?: string;
  readonly tolerance: string;
  readonly eject?: true;
  readonly output: 'table' | 'json';
  readonly json?: true;
  readonly color: boolean;
}

/** `posthorn verify`: ends with 7 when the request is not valid. */
export async function run([path = '-']: readonly string[], flags: VerifyFlags): Promise<void> {
  if (flags.eject) {
    process.stdout.write(await readFile(VERIFY_FILE));
    return;
  }
  const profile = profileNamed(flags.profile);
  const { secret = [], headers: headersPath } = flags;
  if (secret.length === 0) throw new CommandError(EXIT.usage, 'Give the signing secret: --secret whsec_….');
  if (headersPath === undefined) {
    throw new CommandError(EXIT.usage, 'Give the request’s headers in a file: --headers FILE.');
  }
  const headers = headersIn((await bytesOf(headersPath, '--headers')).toString('utf8'));
  // Its bytes as they are: text in between could hide what is wrong.
  const body = path === '-' ? await buffer(process.stdin) : await bytesOf(path, 'body');
  const toleranceSeconds = millisecondsIn(flags.tolerance, '--tolerance') / 1_000;
  const explanation = await explain(body, headers, { secret, profile, toleranceSeconds });
  const out = outputFor({ ...flags, time: 'iso' });
  out.answer(explanation, () =>
    [
      explanation.valid ? out.colours.green('valid') : out.colours.red('not valid'),
      ...explanation.findings.map(({ kind, text }) => `  ${kind.padEnd(9)} ${text}`),
    ].join('\n'),
  );
  if (!explanation.valid) process.exitCode = EXIT.bad;
}

function profileNamed(name: string): Profile {
  if (Object.hasOwn(profiles, name)) return name as Profile;
  throw new CommandError(
    EXIT.usage,
    `--profile: there is no profile ${name}; there are: ${Object.keys(profiles).join(', ')}.`,
  );
}
