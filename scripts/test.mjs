// What `npm test` runs: installs what is missing, then goes on in test/run.ts under the pinned Node.
import { onPinnedNode } from './pinned-node.mjs';

if (onPinnedNode({ dev: true })) {
  const { runTests } = await import('./test/run.ts');
  process.exitCode = await runTests(process.argv.slice(2));
}
