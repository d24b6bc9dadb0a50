import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

/** The file that posthorn/client has its types from. */
export const CLIENT_TYPES = fileURLToPath(new URL('../src/client/api-types.ts', import.meta.url));

const HEADER = '/** Generated from the OpenAPI document by `npm run docs`: not to be edited. */\n\n';

/** What that file says of an OpenAPI document, in Prettier's format. */
export async function clientTypes(document: object): Promise<string> {
  // It writes into what it is given.
  const copy = JSON.parse(JSON.stringify(document)) as OpenAPI3;
  // In a request, what has a default may be left out.
  const nodes = await openapiTS(copy, { defaultNonNullable: false, silent: true });
  const config = await resolveConfig(CLIENT_TYPES);
  return format(`${HEADER}${astToString(nodes)}`, { ...config, parser: 'typescript' });
}
