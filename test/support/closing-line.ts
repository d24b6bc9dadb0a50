import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run's output with one plain line, `N passed, N failed`, that any tool can read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string) => states.filter((each) => each === state).length;
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    process.on('exit', () => {
      process.stdout.write(`${count('passed')} passed, ${count('failed') + brokenFiles} failed\n`);
    });
  }
}
