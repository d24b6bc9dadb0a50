import { expect, test } from 'vitest';
import { CommandLine } from '../support/command.js';

const nowhere = { POSTHORN_URL: 'http://127.0.0.1:9', POSTHORN_API_KEY: 'k', POSTHORN_APP: 'a' };

test.each([
  [['evnts'], "unknown command 'evnts'"],
  [['events', 'snd'], "unknown command 'snd'"],
  [['events', 'get'], "missing required argument 'id'"],
  [['events', 'list', '--colour'], "unknown option '--colour'"],
  [['events', 'list', '-o', 'yaml'], 'Allowed choices are table, json, jsonl'],
  [['events', 'list', '--since', 'yesterday'], '--since: yesterday is no time'],
  [['events', 'list', '--limit', '0'], '--limit: 0 is no whole number from 1 on'],
  [['events', 'send', 'a.b', '--data', '{'], '--data: not JSON'],
  [['events', 'send', 'a.b', '--data', '@nothing.json'], 'nothing.json cannot be read'],
  [['events', 'send', 'a.b', '--set', 'x'], '--set: x is no path=value'],
  [['events', 'list', '--url', 'nowhere'], 'nowhere is no URL'],
  [['listen', '--fail', '500x'], '--fail: 500x is no step'],
  [['listen', '--status', '99'], '--status: 99 is no status'],
  [['events', 'get', '..'], '".." cannot be the "event_id" of a path.'],
  [['endpoints', 'delete', '..'], '".." cannot be the "id" of a path.'],
  [['completion', 'tcsh'], 'There is no script for tcsh'],
  [['verify', '--headers', 'x', 'y'], 'Give the signing secret'],
])('%j is wrong usage: 2, and says so on standard error alone', async (args, text) => {
  const { code, stdout, stderr } = await new CommandLine(() => nowhere).run(args);
  expect(stderr).toContain(text);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('what was meant is proposed', async () => {
  const { stderr } = await new CommandLine().run(['evnts']);
  expect(stderr).toContain('Did you mean events?');
});

test('a Posthorn that cannot be reached: 6, why, and what to try', async () => {
  const { code, stdout, stderr } = await new CommandLine(() => nowhere).run(['events', 'list']);
  expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
  expect(stderr).toMatch(/^unreachable: GET http:\/\/127\.0\.0\.1:9\/.*(ECONNREFUSED|bad port)/);
  expect(stderr).toContain('→ posthorn doctor');
});

test('data that nobody reads any more is no failure', async () => {
  const { code, stderr } = await new CommandLine().run([], {
    shell: `set -o pipefail; ${process.execPath} ${new URL('../../dist/cli.js', import.meta.url).pathname} completion bash | true`,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
