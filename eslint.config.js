import { builtinModules } from 'node:module';
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { layers } from './eslint.layers.js';

const nodeBuiltins = builtinModules.flatMap((name) => [name, `node:${name}`]);
/** What loads every profile, seen from among them (docs/decisions/0011). */
const afterProfiles = [
  './index.js',
  '../index.js',
  '../routing/schedule-choice.js',
  '../../routing/schedule-choice.js',
].map((name) => ({
  name,
  message: 'It waits until every profile is loaded: a profile that waits for it is never loaded.',
}));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.posthorn/', '.stryker-tmp/', 'reports/'] },
  // Generated: profiles whose bodies differ in what types cannot say give a union the same member twice.
  { ignores: ['src/client/api-types.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.test.json', './tsconfig.dashboard.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/profiles/**/*.ts'],
    ignores: ['src/profiles/index.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: afterProfiles }] },
  },
  {
    // Workflow code runs in Temporal's deterministic sandbox: only the SDK's workflow package and pure modules.
    files: [
      'src/workflows/**/*.ts',
      'src/domain/{schedule,endpoint-health,delivery,day}.ts',
      'src/lib/for-each-concurrent.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind!="const"]',
          ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^(Weak)?(Map|Set)$/]',
        ].map((selector) => ({
          selector,
          message:
            'All workflows of a thread have this module in common: it keeps nothing (docs/decisions/0021).',
        })),
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ...nodeBuiltins.map((name) => ({ name, message: 'Node built-ins are not deterministic.' })),
          ],
          patterns: [{ group: ['undici', 'pino'] }],
        },
      ],
    },
  },
  ...layers(),
  { files: ['src/dashboard/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  {
    files: ['src/store/**/*.ts'],
    ignores: ['src/store/database/{pool,lookout,migrate}.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          'CallExpression[callee.property.name="query"][arguments.length!=1]',
          'CallExpression[callee.property.name="query"] > :matches(Literal, TemplateLiteral)',
        ].map((selector) => ({
          selector,
          message:
            'Statements are written as src/store/database/sql.ts says: values stand where they are used.',
        })),
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/dashboard/public/*.js'],
    languageOptions: { globals: { document: 'readonly', localStorage: 'readonly' } },
  },
  {
    // What runs in every runtime has what all of them have.
    files: ['test/runtimes/*.js'],
    languageOptions: {
      globals: { Headers: 'readonly', Request: 'readonly', Response: 'readonly', TextEncoder: 'readonly' },
    },
  },
);
