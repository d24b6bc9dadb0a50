import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { confidentialIn } from '../../delivery/confidential.js';
import { errorOf, isSuccess } from '../../delivery/outcome.js';
import { createPost } from '../../delivery/post.js';
import { requestHeaders } from '../../delivery/request-headers.js';
import type { App } from '../../domain/app.js';
import type { Profile } from '../../profiles/profile.js';
import { generateSecret } from '../../profiles/signing/secret.js';
import type { ApiContext } from '../context.js';
import { appRoute, type Route } from '../http/route.js';
import { CHECK_NAMES, checkTarget, type TargetCheck } from './check-target.js';
import { checkBody } from './requests.js';

const checkAnswer = z
  .object({
    ok: z.boolean(),
    checks: z
      .array(
        z.object({
          name: z.enum(CHECK_NAMES),
          ok: z.boolean(),
          text: z.string(),
          duration_ms: z.number(),
        }),
      )
      .describe('In their order, up to the first that fails.'),
  })
  .meta({ id: 'TargetCheck' });

/** Looks at a target before an endpoint is made of it: with the guard and the connector of deliveries. */
export function checkRoutes({ guard, limits, now }: ApiContext): Route[] {
  return [
    appRoute({
      method: 'post',
      path: '/v1/apps/:app_id/webhooks/check',
      summary: 'Checks a target: its URL, address, DNS, connection and certificate; with `send`, its answer.',
      success: [200, checkAnswer],
      idempotencyKey: 'refused',
      scopes: ['webhooks:write'],
      body: checkBody,
      example: { url: 'https://example.com/hooks' },
      async handle({ app, profile, body }) {
        await limits.check(app.id);
        const checks = await checkTarget(guard, body.url);
        if (body.send && checks.every(({ ok }) => ok)) checks.push(await answerOf(app, profile, body));
        return {
          ok: checks.every(({ ok }) => ok),
          checks: checks.map(({ name, ok, text, durationMs }) => ({
            name,
            ok,
            text,
            duration_ms: durationMs,
          })),
        };
      },
    }),
  ];

  /** The profile's test event, signed, once. */
  async function answerOf(
    app: App,
    profile: Profile,
    {
      url,
      headers = {},
      secret = generateSecret(),
    }: { url: string; headers?: Record<string, string> | undefined; secret?: string | undefined },
  ): Promise<TargetCheck> {
    const at = now();
    const { type, data, attributes } = profile.testEvent;
    const id = profile.eventId.fromBytes(randomBytes(32));
    const { environment_id: environmentId } = app.settings;
    const event = { id, type, appId: app.id, acceptedAt: at, data, attributes, environmentId };
    const body = Buffer.from(JSON.stringify(profile.envelope(event)));
    const sent = { eventId: id, appName: app.name, body, isTest: true };
    const { post, close } = createPost(guard, 0);
    try {
      const answer = await post({
        url,
        headers: requestHeaders(profile, sent, { secrets: [secret], headers }, at),
        body,
        confidential: confidentialIn([secret], headers),
        timeLimitMs: profile.timeLimitMs,
      });
      const error = errorOf(answer);
      const ok = answer.kind === 'answered' && isSuccess(answer.statusCode);
      const text =
        answer.kind === 'answered' ? `The receiver answered ${answer.statusCode}.` : `No answer: ${error}.`;
      return { name: 'answer', ok, text, durationMs: answer.durationMs };
    } finally {
      await close();
    }
  }
}
