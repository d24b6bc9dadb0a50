import { z } from 'zod';
import { VERDICTS } from '../../lib/verdict.js';
import { VERSION } from '../../lib/version.js';
import { databaseFacts } from '../../store/database/database-facts.js';
import { isDatabaseUnavailable } from '../../store/database/errors.js';
import type { ApiContext } from '../context.js';
import { route, type Route } from '../http/route.js';
import { verdictsOf } from './verdicts.js';

const systemAnswer = z
  .object({
    version: z.string(),
    ok: z.boolean().describe('Whether no check has failed.'),
    temporal_ui_url: z.string().nullable(),
    checks: z
      .array(
        z.object({
          name: z.string(),
          verdict: z.enum(VERDICTS),
          text: z.string(),
          remedy: z.string().nullable().describe('What to do about it.'),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'System' });

/** How the installation does, for its operator. */
export function systemRoutes({
  lists,
  readiness,
  system,
  temporalFacts,
  temporalUiUrl,
  allowedTargets,
  retentionDays,
}: ApiContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/system',
      summary: 'Checks PostgreSQL, Temporal, the workers and the settings, and says what to do.',
      success: [200, systemAnswer],
      access: 'admin',
      async handle({ caller }) {
        const [database, temporal, { worker }] = await Promise.all([
          lists.read(caller, databaseFacts).catch((error: unknown) => {
            if (isDatabaseUnavailable(error)) return null;
            throw error;
          }),
          temporalFacts(),
          readiness(),
        ]);
        const checks = verdictsOf({
          nodeVersion: process.versions.node,
          database,
          temporal,
          state: { ...system.state(), workersPoll: worker },
          retentionDays,
          temporalUiUrl,
          allowedTargets,
        });
        return {
          version: VERSION,
          ok: checks.every(({ verdict }) => verdict !== 'fail'),
          temporal_ui_url: temporalUiUrl ?? null,
          checks,
        };
      },
    }),
  ];
}
