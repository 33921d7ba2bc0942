// From an event at the door to its card in Teams, and from a click to its answer, one at a time; each beside the bare work
// that no design can leave out: the same requests to a server that only checks the token, commits a row and passes a card on.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createLog } from '../src/adapters/log.ts';
import { openStore, type Store } from '../src/adapters/store/index.ts';
import { systemClock } from '../src/adapters/system.ts';
import type { Case } from '../src/case/case.ts';
import type { Config } from '../src/config.ts';
import type { Sandbox } from '../src/sandbox/index.ts';
import { BOT_APP_ID, people, TENANT_ID } from '../src/sandbox/people.ts';
import { SAMPLES } from '../src/sandbox/samples/samples.ts';
import { activityBuilder } from '../src/sandbox/teams/activities.ts';
import { SECURITY_CHANNEL } from '../src/sandbox/teams/index.ts';
import { startService } from '../src/service.ts';
import { testWords } from '../test/helpers/english.ts';
import { poster } from './poster.ts';

type Print = (figure: string, value: number, unit: string, reference: number) => void;

const ROUNDS = 150;
const WARM_UP = 20;
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Milliseconds of every round after the warm-up, one at a time. */
async function time(work: (round: number) => Promise<void>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const started = performance.now();
    await work(round);
    if (round >= WARM_UP) times.push(performance.now() - started);
  }
  return times;
}

export async function measureLatencies(config: Config, sandbox: Sandbox, print: Print): Promise<void> {
  const service = await startService(config, createLog('silent'), { limits: { rate: 1e6, burst: 1e6 } });
  const store = await openStore({
    words: testWords,
    directory: config.stateDirectory,
    clock: systemClock,
    readOnly: true,
  });
  const bare = await startBare(config, sandbox);
  const bot = poster(Number(new URL(service.url).port), {});
  const stub = poster(bare.port, {});
  const card = 'x'.repeat(6_000);
  try {
    const key = { 'x-countersign-key': config.cloudtrailKeys[0]?.reveal() ?? '' };
    const cases: Case[] = [];
    const toCard = await time(async () => {
      const event = makeEvent(sandbox);
      await bot.post('/api/alerts/cloudtrail', JSON.stringify(event.body), key);
      cases.push(await cardSent(store, event.bucket));
    });
    const bareCard = await time(async () => void (await stub.post('/alert', card)));
    printBoth('alert-to-card', toCard, bareCard, print);

    const clicks = await Promise.all(cases.map((one) => clickOn(one, store, sandbox)));
    const toAnswer = await time(async (round) => {
      const click = clicks[round];
      if (!click) throw new Error('too few cases');
      const status = await bot.post('/api/messages', click.body, click.headers);
      if (status !== 200) throw new Error(`the bot answered ${status}`);
    });
    const bareAnswer = await time(async (round) => {
      const click = clicks[round];
      await stub.post('/click', click?.body ?? '', click?.headers);
    });
    printBoth('click-to-answer', toAnswer, bareAnswer, print);
  } finally {
    bot.close();
    stub.close();
    bare.close();
    await store.close();
    await service.stop();
  }
}

function printBoth(figure: string, times: readonly number[], bare: readonly number[], print: Print): void {
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const)
    print(`${figure}-${name}`, percentile(times, share), 'ms', percentile(bare, share));
}

/** Somebody whom nothing identifies opens a bucket of its own: a case a round, for the security channel. */
function makeEvent(sandbox: Sandbox): { body: unknown; bucket: string } {
  const bucket = `bench-${randomUUID()}`;
  sandbox.s3.world.putBucket({ name: bucket, account: '123456789012', region: 'eu-central-1', policy: null });
  const built = SAMPLES['bucket-public']?.build(new Date(), randomUUID()) as {
    detail: { requestParameters: object };
  };
  return {
    bucket,
    body: {
      ...built,
      detail: {
        ...built.detail,
        userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::123456789012:assumed-role/Bench/bench' },
        requestParameters: { ...built.detail.requestParameters, bucketName: bucket },
      },
    },
  };
}

async function cardSent(store: Store, bucket: string): Promise<Case> {
  for (;;) {
    const [newest] = await store.listCases({ limit: 1 });
    const isMine = newest?.targets.some((target) => target.kind === 'bucket' && target.name === bucket);
    if (newest && isMine && (await store.copiesOf(newest.id)).length > 0) return newest;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** "This was expected", as Teams sends it from the security channel, signed ahead so that only the bot is timed. */
async function clickOn(about: Case, store: Store, sandbox: Sandbox) {
  const [copy] = await store.copiesOf(about.id);
  const { serviceUrl } = sandbox.teams;
  const activity = activityBuilder({ appId: BOT_APP_ID, tenantId: TENANT_ID, serviceUrl }).pressed(
    { person: people.yuki, channel: SECURITY_CHANNEL },
    copy?.activityId ?? '',
    {
      type: 'Action.Execute',
      title: 'This was expected',
      verb: 'dismiss',
      data: { verb: 'dismiss', case: about.ref, question: about.question?.id ?? '' },
    },
  );
  const token = await sandbox.issuer.sign({
    iss: 'https://api.botframework.com',
    aud: BOT_APP_ID,
    serviceurl: serviceUrl,
  });
  return { body: JSON.stringify(activity), headers: { authorization: `Bearer ${token}` } };
}

/** What is left when Countersign is taken away: commit, pass a card on, commit; or check a token, commit, answer. */
async function startBare(config: Config, sandbox: Sandbox): Promise<{ port: number; close: () => void }> {
  const database = new DatabaseSync(path.join(config.stateDirectory, 'bare.sqlite'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (body TEXT)');
  const insert = database.prepare('INSERT INTO row (body) VALUES (?)');
  const keys = createLocalJWKSet(sandbox.issuer.jwks);
  const sink = createServer(
    (request, response) => void readAll(request).then(() => response.end('{"id":"1"}')),
  );
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const onward = poster((sink.address() as AddressInfo).port, {});
  const server = createServer((request, response) => {
    void readAll(request).then(async (body) => {
      if (request.url === '/click') await jwtVerify(request.headers.authorization?.slice(7) ?? '', keys);
      insert.run(body);
      if (request.url === '/alert') {
        await onward.post('/', body);
        insert.run(body);
      }
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      onward.close();
      server.close();
      sink.close();
      database.close();
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
