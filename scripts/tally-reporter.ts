import type { Reporter, TestModule } from 'vitest/node';

/** Prints a last line with the numbers of tests: `N passed, N failed, N skipped`. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tally = {
      passed: 0,
      failed: Number(process.env.TASKFLOW_CHECKS_FAILED ?? 0) + unhandledErrors.length,
      skipped: 0,
    };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed' || state === 'skipped') tally[state] += 1;
      }
      // A module can fail outside of its tests: when it is loaded, or in a hook.
      const failed = tests.some((test) => test.result().state === 'failed');
      if (module.state() === 'failed' && !failed) tally.failed += 1;
    }
    process.on('exit', () => {
      process.stdout.write(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`);
    });
  }
}
