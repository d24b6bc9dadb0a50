// Builds dist/: the compiled sources, the declarations of posthorn/client, the migrations, the OpenAPI document, the
// workflows as one bundle that workers load, `verify` as one file, alone and as a package, and the dashboard.
// Does nothing when dist/ is newer than everything that it is made from.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const inputs = [
  'src',
  'examples/receivers',
  'scripts/build.mjs',
  'scripts/verify-package.mjs',
  'scripts/dashboard.mjs',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.client.json',
  'tsconfig.dashboard.json',
  'LICENSE',
].map((name) => join(root, name));

const newest = (path) =>
  statSync(path).isDirectory()
    ? Math.max(statSync(path).mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
    : statSync(path).mtimeMs;

if (existsSync(stamp) && statSync(stamp).mtimeMs > Math.max(...inputs.map(newest))) process.exit(0);

const startedAt = Date.now();
console.error('Building…');
rmSync(dist, { recursive: true, force: true });
// The second as a browser has it, without Node's types: the client must do without Node.
for (const project of ['tsconfig.json', 'tsconfig.client.json']) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', join(root, project)], { stdio: 'inherit' });
}
cpSync(join(root, 'src/store/database/migrations'), join(dist, 'store/database/migrations'), {
  recursive: true,
});

// After tsc: a type error ends the build before these are loaded.
const { openApiDocument } = await import('../dist/api/http/openapi.js');
const { createRoutes } = await import('../dist/api/routes.js');
writeFileSync(join(dist, 'openapi.json'), JSON.stringify(openApiDocument(createRoutes({})), null, 2));
const { bundleVerify, makeVerifyPackage } = await import('./verify-package.mjs');
await bundleVerify(root);
makeVerifyPackage(root);
const { buildDashboard } = await import('./dashboard.mjs');
await buildDashboard(root);
const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
const workflows = join(root, 'src/workflows/index.ts');
const { code } = await bundleWorkflowCode({
  workflowsPath: workflows,
  // Evaluated once a thread instead of once a workflow: none of these modules keeps anything (docs/decisions/0021).
  preloadModules: [workflows],
  logger: new DefaultLogger('WARN'),
});
writeFileSync(join(dist, 'workflow-bundle.js'), code);
writeFileSync(stamp, '');
console.error(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
