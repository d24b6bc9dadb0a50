import { fileURLToPath } from 'node:url';

/** The dashboard as `npm run build` makes it, beside the compiled sources. */
export const dashboardPath = fileURLToPath(new URL('../../dashboard', import.meta.url));
