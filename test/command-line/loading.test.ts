import { expect, test } from 'vitest';
import { CommandLine } from '../support/command.js';

/** Prints every module that is loaded. */
const HOOK = `export const load = (url, context, next) => {
  process._rawDebug('loaded ' + url);
  return next(url, context);
};`;
const REGISTER = `import { register } from 'node:module';
register('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(HOOK))});`;
const WATCHED = ['--import', `data:text/javascript,${encodeURIComponent(REGISTER)}`];

async function modulesOf(...args: string[]): Promise<string[]> {
  const { stderr } = await new CommandLine().run(args, { node: WATCHED });
  return [...stderr.matchAll(/^loaded (.*)$/gm)].map(([, url = '']) => url);
}

test('the hook sees what a command of the server loads', async () => {
  expect((await modulesOf('worker')).join('\n')).toContain('/@temporalio/');
});

test.each([[['--help']], [['--version']], [['endpoints', '--help']], [['events', 'send', '--help']]])(
  '`posthorn %s` loads commander and the tree of commands, and nothing that runs them',
  async (args) => {
    const modules = await modulesOf(...args);
    const packages = modules.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
    expect(modules.some((url) => url.endsWith('dist/commands/program.js'))).toBe(true);
    expect(new Set(packages)).toEqual(new Set(['commander']));
  },
);

test.each([[['verify', '--secret', 'x', '--headers', 'no-such-file']], [['events', 'list']], [['doctor']]])(
  '`posthorn %s` loads nothing of Temporal, of the API or of the log',
  async (args) => {
    const modules = await modulesOf(...args);
    expect(modules.length).toBeGreaterThan(20);
    expect(modules.filter((url) => /@temporalio|\/dist\/(api|store|temporal|workflows)\//.test(url))).toEqual(
      [],
    );
  },
);
