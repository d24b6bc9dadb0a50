import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { isExecutableFile } from '../../src/embedded/files.js';
import { lock } from '../../src/embedded/processes/lock.js';
import { run } from '../../src/embedded/processes/run.js';
import { userCache } from '../../src/embedded/user-cache.js';

const VERSION = '1.38.0';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>posthorn</groupId>
  <artifactId>time-skipping-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** The SDK ends the server by killing the process it started, hence exec. */
const SCRIPT = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;

export type TimeSkippingExecutable = { type: 'existing-path'; path: string } | { type: 'cached-download' };

/**
 * The time-skipping test server, as `server.executable` of `TestWorkflowEnvironment.createTimeSkipping`: built once per
 * user from Maven Central where Java and Maven are installed, else left to the SDK, which downloads a native binary (and
 * fails where it cannot; see `startTimeSkipping`).
 */
export async function timeSkippingServerPath(): Promise<TimeSkippingExecutable> {
  const target = join(await userCache(), `temporal-test-server-${VERSION}`);
  const script = join(target, 'test-server');
  if (!(await runs('java', '-version'))) return { type: 'cached-download' };
  if (await isExecutableFile(script)) return { type: 'existing-path', path: script };
  if (!(await runs('mvn', '-version'))) return { type: 'cached-download' };
  const release = await lock(`${target}.lock`, { onWait: () => undefined });
  try {
    if (!(await isExecutableFile(script))) await build(target);
  } finally {
    await release();
  }
  return { type: 'existing-path', path: script };
}

/** Starts the time-skipping environment, or says what is missing: a suite that needs it must fail then, not skip. */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const executable = await timeSkippingServerPath();
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  } catch (error) {
    if (executable.type === 'existing-path') throw error;
    throw new Error(
      'The time-skipping Temporal server could not be downloaded. It can be built instead with Java and Maven: `apt-get install default-jre-headless maven`.',
      { cause: error },
    );
  }
}

async function build(target: string): Promise<void> {
  const parent = join(target, '..');
  const prefix = 'unfinished-test-server-';
  // We hold the lock: what is unfinished here is by someone who was killed.
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  }
  const workDir = await mkdtemp(join(parent, prefix));
  try {
    await writeFile(join(workDir, 'pom.xml'), POM);
    await mkdir(join(workDir, 'lib'));
    const goal = [
      '-B',
      '-q',
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      '-DoutputDirectory=lib',
    ];
    const { code, output } = await run('mvn', goal, { cwd: workDir });
    if (code !== 0)
      throw new Error(`Maven could not get io.temporal:temporal-test-server:${VERSION}:\n${output}`);
    await writeFile(join(workDir, 'test-server'), SCRIPT);
    await chmod(join(workDir, 'test-server'), 0o755);
    await rm(target, { recursive: true, force: true });
    await rename(workDir, target);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function runs(command: string, argument: string): Promise<boolean> {
  const result = await run(command, [argument]).catch(() => undefined);
  return result?.code === 0;
}
