// Replays what it is told to, and says the most memory that it ever held, in megabytes.
import { replay } from '../src/replay/replay.ts';
import { catalogueWith } from './cloudtrail-evaluation.ts';

const { records, unreadable } = await replay(process.argv.slice(2), {
  catalogue: catalogueWith([]),
  onMatch: () => undefined,
  onProblem: ({ reason }) => process.stderr.write(`${reason}\n`),
});
if (unreadable > 0 || (records === 0 && process.argv.length > 2)) process.exitCode = 1;
// In kilobytes, whatever the system.
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
