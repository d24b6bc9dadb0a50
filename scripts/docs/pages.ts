import type { Route } from '../../src/api/http/route.js';
import { routeTables } from './api.js';
import { commandReference, exitCodes, sharedFlags } from './command-line.js';
import { configuration } from './configuration.js';
import { pageOf, type Page } from './page.js';
import { receivers } from './receivers.js';
import { verifiedProfiles } from './verify.js';

/** The pages in docs/ with generated parts. */
export function pagesOf(routes: readonly Route[]): readonly (readonly [name: string, page: Page])[] {
  return [
    [
      'cli',
      pageOf('cli', [
        ['exit-codes', exitCodes()],
        ['flags', sharedFlags()],
        ['commands', commandReference()],
      ]),
    ],
    ['configuration', pageOf('configuration', [['variables', configuration()]])],
    ['api', pageOf('api', [['routes', routeTables(routes)]])],
    ['receiving', pageOf('receiving', receivers())],
    ['verify', pageOf('verify', [['profiles', verifiedProfiles()]])],
  ];
}
