import { readFileSync } from 'node:fs';
import { block } from './markdown.js';

/** The examples of receivers, which tests run, by the names of their files. */
const RECEIVERS = ['express', 'fastify', 'hono', 'node'];

/** The generated parts of docs/receiving.md. */
export function receivers(): readonly (readonly [string, string])[] {
  return RECEIVERS.map((name) => {
    const file = new URL(`../../examples/receivers/${name}.js`, import.meta.url);
    return [name, block('js', readFileSync(file, 'utf8').trimEnd())];
  });
}
