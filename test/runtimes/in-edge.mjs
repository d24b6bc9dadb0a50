// node --experimental-vm-modules in-edge.mjs FOLDER: runs FOLDER/main.js in Vercel's edge runtime.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceTextModule } from 'node:vm';
import { EdgeVM } from '@edge-runtime/vm';

const [, , folder = ''] = process.argv;
const { context } = new EdgeVM();
const loaded = new Map();

function load(name) {
  const path = join(folder, name);
  if (!loaded.has(path)) loaded.set(path, moduleAt(path));
  return loaded.get(path);
}

const moduleAt = async (path) =>
  new SourceTextModule(await readFile(path, 'utf8'), { context, identifier: path });

const main = await load('main.js');
await main.link(load);
await main.evaluate();
