/** What may import what. Lint refuses the rest, and test/unit/layers.test.ts plants some of it. */

/**
 * The folders of src, ground first: each imports from the lines above its own and from itself, not from its neighbours
 * on the same line. A file at the top of src counts as a folder.
 */
export const LAYERS = [
  ['lib', 'client', 'verify'],
  ['domain'],
  ['profiles', 'workflows'],
  ['routing', 'delivery'],
  ['dispatch', 'explanation'],
  ['store'],
  ['temporal'],
  ['upkeep'],
  ['activities', 'api'],
  ['config', 'worker', 'descriptors', 'workflow-bundle-path'],
  ['worker-part'],
  ['posthorn'],
  ['embedded'],
  ['demo', 'example'],
  ['commands'],
  ['cli', 'bench', 'dashboard'],
];

/** The folders that import a package; any may import one that is not named. */
export const PACKAGES = {
  '@tanstack/react-query': ['dashboard'],
  '@temporalio/activity': ['activities'],
  '@temporalio/client': ['temporal', 'embedded', 'bench'],
  '@temporalio/worker': ['temporal', 'worker', 'worker-part', 'bench'],
  '@temporalio/workflow': ['workflows'],
  ajv: ['api'],
  'cli-table3': ['commands'],
  cmdk: ['dashboard'],
  commander: ['commands', 'cli', 'bench'],
  'eventsource-parser': ['client'],
  express: ['api'],
  'fastest-levenshtein': ['explanation'],
  'lucide-react': ['dashboard'],
  'node-pg-migrate': ['store'],
  'openapi-fetch': ['client'],
  pg: ['store', 'embedded'],
  picocolors: ['commands'],
  react: ['dashboard'],
  'react-dom': ['dashboard'],
  sirv: ['api'],
  'sql-template-tag': ['store'],
  wouter: ['dashboard'],
};

/** The folders that import no package, and nothing of Node: what is made of them runs anywhere. */
export const ALONE = ['verify'];

/** The folders that import these others alone: what runs in a browser has nothing of Node. */
export const ONLY = { dashboard: ['client', 'verify'] };

const DEEPEST = 3;

const anyOf = (names) => `(?:${names.join('|').replaceAll('/', '\\/')})`;

const anyPackage = {
  regex: '^[^.]',
  message: 'ALONE in eslint.layers.js has the folders that import nothing but their own files.',
};

/**
 * ESLint's configuration for all that.
 * @returns {import("eslint").Linter.Config[]}
 */
export function layers() {
  return LAYERS.flatMap((line, index) =>
    line.flatMap((folder) => {
      const neighbours = line.filter((each) => each !== folder);
      const others = LAYERS.flat().filter((each) => each !== folder && !ONLY[folder]?.includes(each));
      const above = folder in ONLY ? others : [...LAYERS.slice(index + 1).flat(), ...neighbours];
      const packages = Object.keys(PACKAGES).filter((name) => !PACKAGES[name].includes(folder));
      const inPackages = {
        regex: `^${anyOf(packages)}(?:\\/.*)?$`,
        message: 'PACKAGES in eslint.layers.js has the folders that import this package.',
      };
      // How a path leads out of the folder depends on how deep the file lies in it.
      return [[`${folder}.ts`], ...depths(folder)].map((files, depth) => {
        const up = depth === 0 ? '\\.\\/' : '\\.\\.\\/'.repeat(depth);
        const upwards = {
          regex: `^${up}${anyOf(above)}(?:\\/.*|\\.js)$`,
          message:
            'It is on the same line of LAYERS in eslint.layers.js, or below: imports lead upwards there only.',
        };
        const patterns = [
          ALONE.includes(folder) ? anyPackage : inPackages,
          ...(above.length === 0 ? [] : [upwards]),
        ];
        return {
          files: files.map((file) => `src/${file}`),
          rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
        };
      });
    }),
  );
}

/** Its files that lie in it, in a folder of it, … */
const depths = (folder) =>
  Array.from({ length: DEEPEST }, (_, depth) =>
    ['ts', 'tsx'].map((suffix) => `${folder}/${'*/'.repeat(depth)}*.${suffix}`),
  );
