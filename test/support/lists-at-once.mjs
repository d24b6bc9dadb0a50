/**
 * Asks for lists with one key from a process of its own, so that whoever measures beside it is not held up: as many at
 * the same time as are asked for, and again when all of them are answered. Run with the API's URL, the key, how many,
 * and the paths; ends on SIGTERM, and prints how many answers of each kind there were, as JSON.
 */
import process, { argv, stdout } from 'node:process';
import { Agent, request } from 'undici';

const [url, key, atOnce, ...paths] = argv.slice(2);
const dispatcher = new Agent({ connections: Number(atOnce) });
const headers = { authorization: `Bearer ${key}` };
const answers = {};
let isOver = false;
process.once('SIGTERM', () => (isOver = true));

async function ask(path) {
  const { statusCode, body } = await request(`${url}${path}`, { dispatcher, headers });
  const text = await body.text();
  const kind = statusCode < 400 ? `${statusCode}` : `${statusCode} ${JSON.parse(text).code}`;
  answers[kind] = (answers[kind] ?? 0) + 1;
}

for (let n = 0; !isOver; n += Number(atOnce)) {
  await Promise.all(
    Array.from({ length: Number(atOnce) }, (_, index) => ask(paths[(n + index) % paths.length])),
  );
}
await dispatcher.close();
stdout.write(JSON.stringify(answers));
