import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { expect, it } from 'vitest';
import { LAYERS, layers } from '../../eslint.layers.js';

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    { languageOptions: { parser: tseslint.parser }, plugins: { '@typescript-eslint': tseslint.plugin } },
    ...layers(),
  ],
});

/** What lint says of a file with this one import. */
async function said(filePath: string, imported: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import { planted } from '${imported}';\n`, { filePath });
  return (result?.messages ?? []).map(({ message }) => message);
}

const UPWARDS = expect.stringContaining('imports lead upwards') as string;
const PACKAGE = expect.stringContaining('PACKAGES') as string;
const ALONE = expect.stringContaining('ALONE') as string;

it.each([
  ['src/domain/planted.ts', '../store/deliveries/deliveries.js'],
  ['src/store/planted.ts', '../temporal/calls.js'],
  ['src/store/deliveries/planted.ts', '../../api/context.js'],
  ['src/lib/planted.ts', '../domain/day.js'],
  ['src/lib/planted.ts', '../posthorn.js'],
  ['src/verify/planted.ts', '../lib/planted.js'],
  ['src/verify/explain/planted.ts', '../../domain/day.js'],
  ['src/posthorn.ts', './commands/start.js'],
  ['src/workflows/planted.ts', '../activities/dependencies.js'],
  ['src/api/events/planted.ts', '../../activities/dependencies.js'],
])('%s may not import %s', async (file, imported) => {
  expect(await said(file, imported)).toEqual([UPWARDS]);
});

it.each([
  ['src/domain/planted.ts', 'pg'],
  ['src/api/events/planted.ts', 'pg'],
  ['src/delivery/planted.ts', '@temporalio/client'],
  ['src/workflows/planted.ts', '@temporalio/activity'],
  ['src/activities/attempt/planted.ts', '@temporalio/workflow'],
])('%s may not import the package %s', async (file, imported) => {
  expect(await said(file, imported)).toEqual([PACKAGE]);
});

it.each([
  ['src/verify/planted.ts', 'pg'],
  ['src/verify/planted.ts', 'standardwebhooks'],
  ['src/verify/explain/planted.ts', 'node:crypto'],
])('%s may import no package, so not %s', async (file, imported) => {
  expect(await said(file, imported)).toEqual([ALONE]);
});

it.each([
  ['src/commands/planted.ts', '../verify/index.js'],
  ['src/verify/planted.ts', './explain/search.js'],
  ['src/verify/explain/planted.ts', '../signature.js'],
  ['src/store/deliveries/planted.ts', '../../domain/day.js'],
  ['src/store/deliveries/planted.ts', '../database/pool.js'],
  // Folders of the same name as one that lies higher.
  ['src/store/endpoints/planted.ts', '../apps/apps.js'],
  ['src/activities/attempt/planted.ts', '../lib/worker-stops.js'],
  ['src/store/database/planted.ts', 'pg'],
  ['src/api/http/planted.ts', 'express'],
])('%s may import %s', async (file, imported) => {
  expect(await said(file, imported)).toEqual([]);
});

it('every folder of src has its line', () => {
  const folders = readdirSync('src').map((name) => parse(name).name);
  expect(LAYERS.flat().toSorted()).toEqual(folders.toSorted());
});
