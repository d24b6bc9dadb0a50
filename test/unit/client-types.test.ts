import { expect, it } from 'vitest';
import { CLIENT_TYPES, clientTypes } from '../../scripts/client-types.js';
import { document } from '../support/documented.js';

it('the types of posthorn/client are those of the OpenAPI document', async () => {
  const types = await clientTypes(document);
  const mend = '`npm run docs` writes it anew.';
  await expect(types, `src/client/api-types.ts differs. ${mend}`).toMatchFileSnapshot(CLIENT_TYPES);
});
