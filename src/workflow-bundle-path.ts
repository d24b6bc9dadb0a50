import { fileURLToPath } from 'node:url';

/** The workflows as `npm run build` bundles them, beside the compiled sources. */
export const workflowBundlePath = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));
