// `npm run bench`: one JSON line a figure, each beside a reference that was measured in the same run, because machines are
// noisy and ratios are not. Everything on loopback, bounded in count.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseConfig } from '../src/config.ts';
import { startSandbox } from '../src/sandbox/index.ts';
import { freePort } from '../src/sandbox/teams/free-port.ts';
import { measureIngest } from './ingest-ack.ts';
import { measureLatencies } from './latencies.ts';

export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** The same unit, measured in the same run: what `ratio` is over. */
  readonly reference: number;
  readonly ratio: number;
}

const round = (value: number): number => Number(value.toPrecision(4));
const print = (figure: string, value: number, unit: string, reference: number): void => {
  const line: Figure = {
    figure,
    value: round(value),
    unit,
    reference: round(reference),
    ratio: round(value / reference),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const directory = mkdtempSync(path.join(tmpdir(), 'countersign-bench-'));
const sandbox = await startSandbox({
  stateDirectory: directory,
  botPort: await freePort(20_000 + Math.floor(Math.random() * 10_000)),
  client: false,
  ports: { graph: 0, s3: 0, teams: 0 },
});
try {
  const config = parseConfig({ ...sandbox.env, LOG_LEVEL: 'silent', COUNTERSIGN_POLL_SECONDS: '0' });
  await measureIngest({ ...config, stateDirectory: path.join(directory, 'ingest') }, print);
  await measureLatencies(config, sandbox, print);
} finally {
  await sandbox.stop();
  rmSync(directory, { recursive: true, force: true });
}
