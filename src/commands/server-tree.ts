import type { Command } from 'commander';
import { define, option } from './shared/define.js';

/** The commands that run Posthorn itself. */
export function addServerCommands(program: Command): void {
  define(program, {
    use: 'start',
    summary: 'runs everything on this machine, with an embedded PostgreSQL and Temporal where none is given',
    kind: 'alone',
    load: async () => {
      const { runStart } = await import('./start.js');
      return { run: () => runStart(process.env) };
    },
  });
  define(program, {
    use: 'demo',
    summary: 'runs the same, demonstrates every profile, a retry and a resend, and ends',
    kind: 'alone',
    options: [option('--keep', 'keep running until Ctrl-C')],
    load: async () => {
      const { runDemo } = await import('./demo.js');
      return {
        run: (_args: readonly string[], { keep = false }: { keep?: boolean }) =>
          runDemo(process.env, { keep }),
      };
    },
  });
  for (const [use, summary, parts] of [
    ['api', 'runs the API alone', { api: true, worker: false }],
    ['worker', 'runs the workers alone', { api: false, worker: true }],
    ['all', 'runs API and workers in one process, the fastest way', { api: true, worker: true }],
  ] as const) {
    define(program, {
      use,
      summary: `${summary}, on the given PostgreSQL and Temporal`,
      kind: 'alone',
      load: async () => {
        const { runProduction } = await import('./production.js');
        return { run: () => runProduction(process.env, parts) };
      },
    });
  }
  define(program, {
    use: 'migrate',
    summary: 'brings the schema of DATABASE_URL up to date, and ends',
    kind: 'alone',
    load: async () => {
      const { runMigrate } = await import('./migrate.js');
      return { run: () => runMigrate(process.env) };
    },
  });
  define(program, {
    use: 'rotate-encryption-key',
    summary: 're-encrypts secrets and headers with POSTHORN_ENCRYPTION_KEY, while everything else runs',
    kind: 'alone',
    load: async () => {
      const { runRotateEncryptionKey } = await import('./rotate-encryption-key.js');
      return { run: () => runRotateEncryptionKey(process.env) };
    },
  });
}
