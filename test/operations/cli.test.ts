import { expect, it } from 'vitest';
import { VERSION } from '../../src/lib/version.js';
import { PosthornProcess } from '../support/posthorn-process.js';

it('a command that there is not is named, with what was meant', async () => {
  const posthorn = PosthornProcess.launch('strat', {});
  expect(await posthorn.ended).toBe(2);
  expect(posthorn.lines.filter((line) => line !== '')).toEqual([
    "error: unknown command 'strat'",
    '(Did you mean start?)',
  ]);
});

it('says its version', async () => {
  const posthorn = PosthornProcess.launch('--version', {});
  expect(await posthorn.ended).toBe(0);
  expect(posthorn.lines).toEqual([VERSION]);
});

it('without a command it is `start`, which it says', async () => {
  const [bare, start] = [null, 'start'].map((command) => PosthornProcess.launch(command, { PORT: 'x' }));
  expect(await Promise.all([bare?.ended, start?.ended])).toEqual([1, 1]);
  expect(bare?.lines.join('\n')).toContain('PORT');
  expect(bare?.lines.filter((line) => !line.startsWith('This is `posthorn start`'))).toEqual(start?.lines);
  expect(bare?.lines).not.toEqual(start?.lines);
});
