import type { ClientFlags } from '../shared/client-flags.js';
import { EXIT } from '../shared/exit-codes.js';
import type { Colours } from '../shared/output.js';
import { openSession } from '../shared/session.js';
import { findFacts } from './facts.js';
import type { Verdict } from '../../lib/verdict.js';
import { verdictsOn } from './verdicts.js';

/** `posthorn doctor`: ends with 7 when a check has failed. Works without a server, too. */
export async function run(_args: readonly string[], flags: ClientFlags): Promise<void> {
  const session = await openSession(flags);
  const { out } = session;
  const checks = verdictsOn(await findFacts(session, process.env));
  const failed = count(checks, 'fail');
  const ok = failed === 0;
  out.answer({ ok, checks }, () => doctorText(checks, out.colours), checks);
  if (!ok) process.exitCode = EXIT.bad;
}

function doctorText(checks: readonly Verdict[], colours: Colours): string {
  const width = Math.max(...checks.map(({ name }) => name.length)) + 2;
  const lines = checks.flatMap(({ name, verdict, text, remedy }) => [
    `${name.padEnd(width)}${worded(verdict, colours)}  ${text}`,
    ...(remedy === null ? [] : [`${' '.repeat(width + 6)}→ ${remedy}`]),
  ]);
  return [...lines, closing(count(checks, 'fail'), count(checks, 'warn'))].join('\n');
}

function worded(verdict: Verdict['verdict'], colours: Colours): string {
  switch (verdict) {
    case 'ok':
      return colours.green('ok  ');
    case 'warn':
      return colours.yellow('warn');
    case 'fail':
      return colours.red('FAIL');
  }
}

function closing(failed: number, warnings: number): string {
  if (failed === 0 && warnings === 0) return 'Everything is well.';
  return `${failed} failed, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`;
}

function count(checks: readonly Verdict[], verdict: Verdict['verdict']): number {
  return checks.filter((check) => check.verdict === verdict).length;
}
