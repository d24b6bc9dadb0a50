import type { Command } from 'commander';
import { define, option, repeatable } from '../shared/define.js';

export function addVerify(program: Command): void {
  define(program, {
    use: 'verify [body]',
    summary: 'verifies a request as a receiver does, and says what is wrong with it; calls nobody',
    kind: 'alone',
    options: [
      option('--profile <profile>', 'the system that the request is signed like').default('standard'),
      repeatable('--secret <secret>', 'the signing secret; may be repeated while a rotation lasts'),
      option('--headers <file>', 'the request’s headers, a line each, or JSON'),
      option('--tolerance <duration>', 'how old it may be').default('5m'),
      option('-o, --output <form>', 'how it is printed').choices(['table', 'json']).default('table'),
      option('--eject', 'print posthorn/verify instead: one file that imports nothing, to be copied'),
      option('--json', 'the same as -o json'),
      option('--no-color', 'print without colours (NO_COLOR)'),
    ],
    examples: [
      'posthorn verify --profile standard --secret "$SECRET" --headers headers.txt body.json',
      'posthorn verify --secret "$SECRET" --headers headers.txt - < body.json',
      'posthorn verify --eject > verify.mjs',
    ],
    load: () => import('./verify.js'),
  });
}
