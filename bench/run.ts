// `npm run bench`: one JSON line a figure, each beside a reference that was measured in the same run, because machines are
// noisy and ratios are not. Everything on loopback and in a temporary folder, bounded in count.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../src/config.ts';
import { startSandbox } from '../src/sandbox/index.ts';
import { freePort } from '../src/sandbox/teams/free-port.ts';
import { measureCloudTrail } from './cloudtrail.ts';
import { printFigure } from './figure.ts';
import { measureIngest } from './ingest-ack.ts';
import { measureLatencies } from './latencies.ts';

const GROUPS = ['service', 'cloudtrail'];

const { values } = parseArgs({
  options: {
    /** One group of figures instead of all. */
    only: { type: 'string' },
    /** A folder of Sigma rules to measure beside the policies. */
    rules: { type: 'string' },
    /** CloudTrail records to redraw instead of made-up ones: JSON lines, gzip or not. */
    events: { type: 'string' },
  },
});
const { only, rules, events } = values;
if (only !== undefined && !GROUPS.includes(only)) {
  process.stderr.write(`--only takes one of: ${GROUPS.join(', ')}\n`);
  process.exit(2);
}
const isAsked = (group: string): boolean => only === undefined || only === group;

async function measureService(directory: string): Promise<void> {
  const sandbox = await startSandbox({
    stateDirectory: directory,
    botPort: await freePort(20_000 + Math.floor(Math.random() * 10_000)),
    client: false,
    ports: { graph: 0, s3: 0, teams: 0 },
  });
  try {
    const config = parseConfig({ ...sandbox.env, LOG_LEVEL: 'silent', COUNTERSIGN_POLL_SECONDS: '0' });
    await measureIngest({ ...config, stateDirectory: path.join(directory, 'ingest') }, printFigure);
    await measureLatencies(config, sandbox, printFigure);
  } finally {
    await sandbox.stop();
  }
}

const directory = mkdtempSync(path.join(tmpdir(), 'countersign-bench-'));
try {
  if (isAsked('service')) await measureService(directory);
  if (isAsked('cloudtrail'))
    await measureCloudTrail({ directory: path.join(directory, 'cloudtrail'), rules, events }, printFigure);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
