// Makes of dist/verify, as tsc left it, one file without an import, and the package posthorn-verify of that file.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import ts from 'typescript';

/** The files of src/verify with what is public, and nothing else. Each declares names of its own. */
const PUBLIC = ['types', 'verification-error', 'profiles', 'verify', 'explain'];

/** Replaces dist/verify by index.js and index.d.ts. */
export async function bundleVerify(root) {
  const folder = join(root, 'dist/verify');
  const bundle = await rolldown({ cwd: root, input: join(folder, 'index.js'), platform: 'neutral' });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const [{ code }] = output;
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.js'), code);
  writeFileSync(join(folder, 'index.d.ts'), PUBLIC.map((name) => declarationsOf(root, name)).join('\n'));
}

/** Makes dist/posthorn-verify, ready for `npm pack`: receivers need not install Temporal to check a signature. */
export function makeVerifyPackage(root) {
  const folder = join(root, 'dist/posthorn-verify');
  const { version, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  mkdirSync(folder);
  for (const name of ['index.js', 'index.d.ts']) cpSync(join(root, 'dist/verify', name), join(folder, name));
  cpSync(join(root, 'src/verify/README.md'), join(folder, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const manifest = {
    name: 'posthorn-verify',
    version,
    description: 'Verifies webhooks: Standard Webhooks, and the other formats that Posthorn sends.',
    license,
    type: 'module',
    engines,
    sideEffects: false,
    main: './index.js',
    types: './index.d.ts',
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './package.json': './package.json',
    },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Together the public files are one: what they import of each other stands beside it. */
function declarationsOf(root, name) {
  const fileName = join(root, `src/verify/${name}.ts`);
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, strict: true };
  const { outputText } = ts.transpileDeclaration(readFileSync(fileName, 'utf8'), {
    fileName,
    compilerOptions,
  });
  return outputText.replaceAll(/^import [^;]* from '[^']*';\n/gm, '');
}
