import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { closeAll } from '../../src/lib/close-all.js';

it('work is closed together, then what it used, one after the other', async () => {
  const order: string[] = [];
  const closing = (name: string) => async () => {
    order.push(`${name} begins`);
    await turn();
    order.push(`${name} ends`);
  };
  await closeAll([closing('w1'), closing('w2')], [closing('u1'), closing('u2')]);
  expect(order).toEqual([
    'w1 begins',
    'w2 begins',
    'w1 ends',
    'w2 ends',
    'u1 begins',
    'u1 ends',
    'u2 begins',
    'u2 ends',
  ]);
});

it('what cannot be closed does not keep the rest open, and all of it is said', async () => {
  const closed: string[] = [];
  const close = (name: string) => () => Promise.resolve(closed.push(name));
  const failing = (why: string) => () => Promise.reject(new Error(why));
  const result = closeAll(
    [failing('first'), close('work')],
    [failing('second'), close('database'), failing('third')],
  );
  await expect(result).rejects.toMatchObject({
    message: 'could not close everything',
    errors: [new Error('first'), new Error('second'), new Error('third')],
  });
  expect(closed).toEqual(['work', 'database']);
});
