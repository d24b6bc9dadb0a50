import { expect, it } from 'vitest';
import { stopAfterwards, stopWhatTheFileStarted } from '../support/stop-afterwards.js';

const stopped: string[] = [];
for (const name of ['first', 'second', 'third']) {
  stopAfterwards(() => {
    stopped.push(name);
    if (name === 'second') throw new Error(name);
  });
}

it('what a file has started is stopped last first, and a stop that fails keeps no other from it', async () => {
  await expect(stopWhatTheFileStarted()).rejects.toMatchObject({ errors: [new Error('second')] });
  expect(stopped).toEqual(['third', 'second', 'first']);
});
