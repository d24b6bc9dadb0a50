import { spawnSync } from 'node:child_process';

/**
 * `npm run audit`: known vulnerabilities of what runs in production. Fails when there is one of high or critical
 * severity; where the package registry has no such list to ask, it says so, and is no failure.
 */
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });

/** @returns {{ metadata?: { vulnerabilities?: Record<string, number> }, message?: string }} */
function report() {
  try {
    return JSON.parse(stdout);
  } catch {
    return { message: 'npm audit printed no JSON' };
  }
}

const { metadata, message } = report();
if (!metadata?.vulnerabilities) {
  console.error(`Production dependencies could not be audited: ${message ?? 'the registry gave no list'}.`);
} else {
  const { high = 0, critical = 0, total = 0 } = metadata.vulnerabilities;
  console.log(`Production dependencies: ${total} known vulnerabilities, ${high} high, ${critical} critical.`);
  if (high + critical > 0) {
    console.error('See `npm audit --omit=dev`.');
    process.exitCode = 1;
  }
}
