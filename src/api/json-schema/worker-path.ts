import { fileURLToPath } from 'node:url';

/** The schema worker as it is compiled: a process is started from a JavaScript file. */
export const schemaWorkerPath = fileURLToPath(new URL('./worker.js', import.meta.url));
