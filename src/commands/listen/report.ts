import { explain, verify, type Profile } from '../../verify/index.js';
import { durationText } from '../shared/durations.js';
import type { Output } from '../shared/output.js';
import { clockTime } from '../shared/times.js';
import type { Answered, Received } from './receiver.js';
import type { Save } from './save.js';

/** How requests are verified, how much of them is printed, and where they are kept. */
export interface ReportOptions {
  readonly profile: Profile;
  /** What the endpoint signs with at this moment. */
  readonly secrets: () => readonly string[];
  readonly toleranceSeconds: number;
  readonly body: boolean;
  readonly headers: boolean;
  readonly save: Save;
}

/** A request that was received, verified and answered. */
export interface Report {
  readonly at: string;
  readonly event_id: string | null;
  readonly event_type: string | null;
  readonly test: boolean;
  readonly bytes: number;
  readonly verified: boolean;
  /** Of the signature, in seconds; null where none is signed. */
  readonly age_seconds: number | null;
  readonly findings: readonly string[];
  /** A status, or what happened instead. */
  readonly answered: number | string;
  readonly duration_ms: number;
  /** What becomes of the delivery, where the API told: `delivered`, `next attempt in 5 s`. */
  readonly outcome: string | null;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Judges a request as its receiver would. */
export async function reportOf(
  request: Received,
  answered: Answered,
  { profile, secrets, toleranceSeconds }: ReportOptions,
): Promise<Report> {
  const options = { profile, secret: secrets(), toleranceSeconds, now: () => request.at.getTime() };
  const verified = await verify(request.body, request.headers, options).catch(() => null);
  const findings = verified
    ? []
    : (await explain(request.body, request.headers, options)).findings.map(({ text }) => text);
  const age = verified?.timestamp ? (request.at.getTime() - verified.timestamp.getTime()) / 1_000 : null;
  return {
    at: request.at.toISOString(),
    event_id: verified?.id ?? null,
    event_type: verified?.type ?? null,
    test: verified?.test ?? false,
    bytes: request.body.length,
    verified: verified !== null,
    age_seconds: age === null ? null : Math.max(0, Math.round(age)),
    findings,
    answered: answered.status,
    duration_ms: Math.round(answered.durationMs),
    outcome: null,
    headers: request.headers,
    body: request.body.toString('utf8'),
  };
}

/** Prints it in the form that was asked for. */
export function print(report: Report, { body, headers }: ReportOptions, out: Output): void {
  if (out.form !== 'table') {
    out.jsonLine(report);
    return;
  }
  out.line(lineOf(report, out));
  for (const finding of report.findings) out.line(`          ${finding}`);
  if (headers) {
    for (const [name, value] of Object.entries(report.headers))
      out.line(`          ${name}: ${String(value)}`);
  }
  if (body) out.line(indented(report.body));
}

/** `12:04:05  order.paid  msg_2f9…  1,204 B  signature ok (3 s old)  → 500 in 12 ms  next attempt in 5 s`. */
function lineOf(report: Report, { colours }: Output): string {
  const age = report.age_seconds === null ? '' : ` (${report.age_seconds} s old)`;
  const judged = report.verified ? colours.green(`signature ok${age}`) : colours.red('signature NOT VALID');
  const good = typeof report.answered === 'number' && report.answered < 300;
  const answer = `→ ${report.answered} in ${durationText(report.duration_ms)}`;
  return [
    clockTime(new Date(report.at)),
    report.event_type ?? 'unknown type',
    report.event_id ?? 'unknown id',
    `${report.bytes.toLocaleString('en')} B`,
    report.test ? `test, ${judged}` : judged,
    good ? answer : colours.red(answer),
    ...(report.outcome === null ? [] : [report.outcome]),
  ].join('  ');
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2).replaceAll(/^/gm, '          ');
  } catch {
    return body.replaceAll(/^/gm, '          ');
  }
}
