// Mocha's spec reporter, which also leaves its counts for run.ts and notices what the tests left running.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** How long the process may take to end by itself once the tests are over. */
const LEAK_WAIT_MS = Number(process.env.TEST_LEAK_WAIT_MS ?? 15_000);

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    let leaks = 0;
    runner.once('end', () => {
      // Does not keep the process alive by itself: it fires only where something else does.
      const watch = setTimeout(() => {
        leaks = 1;
        console.error(
          `\nThe tests are over, but something still runs: ${process.getActiveResourcesInfo().join(', ')}`,
        );
        process.exit();
      }, LEAK_WAIT_MS);
      watch.unref();
      // Mocha sets its exit code in an exit listener of its own, later than this event: ours must come after it.
      setImmediate(() => process.once('exit', () => this.#finish(leaks)));
    });
  }

  #finish(leaks: number): void {
    if (leaks > 0) process.exitCode = 1;
    const counts: Counts = {
      passed: this.stats.passes,
      failed: this.stats.failures + leaks,
      skipped: this.stats.pending,
    };
    const file = process.env.TEST_COUNTS_FILE;
    if (file) writeFileSync(file, JSON.stringify(counts));
  }
}
