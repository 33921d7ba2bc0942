// Process entry for `npm start`: everything else is start.ts.
import { errorText, isCountersignError } from './case/errors.ts';
import { start } from './start.ts';

try {
  await start({ sandbox: false, client: true, json: false });
} catch (error) {
  // What an operator can mend is said plainly; only the unexpected keeps its stack.
  console.error(
    isCountersignError(error) ? error.message : error instanceof Error ? error.stack : errorText(error),
  );
  process.exitCode = 1;
}
