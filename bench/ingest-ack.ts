// How many alerts a second are acknowledged over HTTP, each after its own durable commit of a new case, beside the rate at
// which SQLite commits one small row durably on the same disk.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLog } from '../src/adapters/log.ts';
import { compose } from '../src/compose.ts';
import type { Config } from '../src/config.ts';
import { SAMPLES } from '../src/sandbox/samples/samples.ts';
import { poster } from './poster.ts';

const ALERTS = 3_000;
const CLIENTS = 16;
const COMMITS = 3_000;

/** Median of three rounds of single-row commits a second, WAL and synchronous=FULL as the store has them. */
function rawCommitRate(directory: string): number {
  mkdirSync(directory, { recursive: true });
  const rates = [1, 2, 3].map((round) => {
    const database = new DatabaseSync(path.join(directory, `raw-${round}.sqlite`));
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT)',
    );
    const insert = database.prepare('INSERT INTO row (body) VALUES (?)');
    const started = performance.now();
    for (let index = 0; index < COMMITS; index++) insert.run('x'.repeat(200));
    const rate = COMMITS / ((performance.now() - started) / 1000);
    database.close();
    return rate;
  });
  return rates.toSorted((a, b) => a - b)[1] ?? 0;
}

/** A fresh event by a caller of its own, so that every one opens a case. */
function event(): unknown {
  const built = SAMPLES['bucket-public']?.build(new Date(), randomUUID()) as {
    detail: { requestParameters: { bucketName: string }; userIdentity: object };
  };
  const bucketName = `bench-${randomUUID()}`;
  return {
    ...built,
    detail: {
      ...built.detail,
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::123456789012:assumed-role/Bench/bench' },
      requestParameters: { ...built.detail.requestParameters, bucketName },
    },
  };
}

export async function measureIngest(
  config: Config,
  print: (figure: string, value: number, unit: string, reference: number) => void,
): Promise<void> {
  const reference = rawCommitRate(config.stateDirectory);
  // The worker is not started: this is the door and the commit alone.
  const { server, store } = await compose(config, createLog('silent'), { limits: { rate: 1e6, burst: 1e6 } });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const { post, close } = poster(port, { 'x-countersign-key': config.cloudtrailKeys[0]?.reveal() ?? '' });
  const bodies = Array.from({ length: ALERTS }, () => JSON.stringify(event()));
  for (const body of bodies.slice(0, 200)) await post('/api/alerts/cloudtrail', body);

  const left = bodies.slice(200);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let body = left.pop(); body; body = left.pop()) {
        const status = await post('/api/alerts/cloudtrail', body);
        if (status !== 202) throw new Error(`the door answered ${status}`);
      }
    }),
  );
  print('ingest-ack', (ALERTS - 200) / ((performance.now() - started) / 1000), 'acks/s', reference);
  close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await store.close();
}
