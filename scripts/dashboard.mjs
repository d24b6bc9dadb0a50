// Makes dist/dashboard of src/dashboard: what /dashboard serves, with `.br` and `.gz` beside what is worth compressing.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

/** What the first page may load, compressed by gzip. */
const FIRST_LOAD_BYTES = 160_000;
const COMPRESSED = /\.(?:js|css|html|svg)$/;

export async function buildDashboard(root) {
  const outDir = join(root, 'dist/dashboard');
  await build({
    configFile: false,
    root: join(root, 'src/dashboard'),
    base: '/dashboard/',
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      // The content security policy has no place for what is inline.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // Packages for React say `use client` to servers that render. Here nothing renders but the browser.
        onwarn: (warning, warn) => {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
        },
      },
    },
  });
  for (const path of filesIn(outDir).filter((each) => COMPRESSED.test(each))) compress(path);
  const bytes = firstLoad(outDir);
  if (bytes > FIRST_LOAD_BYTES) {
    throw new Error(
      `The dashboard's first page loads ${bytes} bytes, compressed: ${FIRST_LOAD_BYTES} are allowed.`,
    );
  }
}

function filesIn(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

function compress(path) {
  const content = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}

/** The compressed size of index.html and all that it names. */
function firstLoad(outDir) {
  const html = readFileSync(join(outDir, 'index.html'), 'utf8');
  const named = [...html.matchAll(/"\/dashboard\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name);
  return ['index.html', ...named]
    .map((name) => statSync(join(outDir, `${name}.gz`)).size)
    .reduce((sum, size) => sum + size, 0);
}
