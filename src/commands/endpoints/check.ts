import type { ClientFlags } from '../shared/client-flags.js';
import { durationText } from '../shared/durations.js';
import { EXIT } from '../shared/exit-codes.js';
import { openSession } from '../shared/session.js';

/** `posthorn endpoints check`: ends with 7 when a check fails. */
export async function run(
  [url = '']: readonly string[],
  flags: ClientFlags & { readonly send?: true; readonly secret?: string },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { send, secret } = flags;
  const { data: checked } = await api.POST('/v1/apps/{app_id}/webhooks/check', {
    params: { path: { app_id: await app() } },
    body: { url, ...(send ? { send } : {}), ...(secret === undefined ? {} : { secret }) },
  });
  out.answer(
    checked,
    () =>
      checked.checks
        .map(({ name, ok, text, duration_ms }) => {
          const verdict = ok ? out.colours.green('ok  ') : out.colours.red('FAIL');
          const took = duration_ms === null ? '' : ` (${durationText(duration_ms)})`;
          return `${name.padEnd(9)}${verdict}  ${text}${took}`;
        })
        .join('\n'),
    checked.checks,
  );
  if (!checked.ok) process.exitCode = EXIT.bad;
}
