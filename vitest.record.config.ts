import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run record-histories`: plays the replay scenarios and keeps the histories that are new. */
export default defineConfig({ test: { ...base.test, include: ['test/replay/record.ts'] } });
