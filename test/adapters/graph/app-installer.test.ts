import assert from 'node:assert/strict';
import { createGraphAppInstaller } from '../../../src/adapters/graph/app-installer.ts';
import type { AppInstaller } from '../../../src/ports/app-installer.ts';
import { chatIdOf, people, TEAMS_APP_EXTERNAL_ID } from '../../../src/sandbox/people.ts';
import { failureOf, startWorld, type World } from './start.ts';

const serviceUrl = 'https://smba.trafficmanager.net/teams';
const INSTALLED = /installedApps$/;

describe('the app installer through Graph', () => {
  let world: World;
  let installer: AppInstaller;
  const told: string[] = [];
  beforeEach(async () => {
    told.length = 0;
    world = await startWorld({ onInstalled: (person) => told.push(person.id) });
    installer = createGraphAppInstaller(world.client, { appExternalId: TEAMS_APP_EXTERNAL_ID, serviceUrl });
  });
  afterEach(() => world.stop());

  it('installs the app where it is missing, and answers the chat', async () => {
    const chat = await installer.openChat(people.priya.id);

    assert.deepEqual(chat, { id: chatIdOf(people.priya), serviceUrl });
    assert.deepEqual(told, [people.priya.id]);
  });

  it('installs it once', async () => {
    await installer.openChat(people.priya.id);
    await installer.openChat(people.priya.id);

    assert.deepEqual(told, [people.priya.id]);
    assert.equal(world.graph.requests.filter(({ method }) => method === 'POST').length, 1);
  });

  it('takes 409 for installed: somebody else was faster', async () => {
    world.graph.faults.add({ method: 'POST', path: INSTALLED, answer: { kind: 'lose-answer' } });
    await failureOf(installer.openChat(people.priya.id));
    let first = true;
    const late = createGraphAppInstaller(
      {
        ...world.client,
        call: (call) => {
          const hide = first && call.method === 'GET';
          first = false;
          return hide
            ? Promise.resolve({ status: 200, body: { value: [] }, requestId: '' })
            : world.client.call(call);
        },
      },
      { appExternalId: TEAMS_APP_EXTERNAL_ID, serviceUrl },
    );

    assert.deepEqual(await late.openChat(people.priya.id), { id: chatIdOf(people.priya), serviceUrl });
    assert.deepEqual(told, [people.priya.id]);
  });

  it('answers null, for good, where policy forbids it', async () => {
    assert.equal(await installer.openChat(people.nils.id), null);
    assert.deepEqual(told, []);
  });

  it('answers null where the app is not in the catalogue', async () => {
    const other = createGraphAppInstaller(world.client, { appExternalId: "it's not there", serviceUrl });

    assert.equal(await other.openChat(people.priya.id), null);
  });

  it('answers null where the installations or the chat may not be read', async () => {
    world.graph.faults.add({ path: INSTALLED, answer: { kind: 'status', status: 403, code: 'Forbidden' } });
    world.graph.faults.add({
      path: /appCatalogs/,
      answer: { kind: 'status', status: 403, code: 'Forbidden' },
    });
    assert.equal(await installer.openChat(people.priya.id), null);

    await installer.openChat(people.priya.id);
    world.graph.faults.add({ path: /chat$/, answer: { kind: 'status', status: 403, code: 'Forbidden' } });
    assert.equal(await installer.openChat(people.priya.id), null);
  });

  it('comes back later when Teams does not show the new installation yet', async () => {
    world.graph.faults.add({ path: /chat$/, answer: { kind: 'status', status: 404, code: 'NotFound' } });

    const error = await failureOf(installer.openChat(people.priya.id));

    assert.equal(error.retryable, true);
    assert.ok((error.retryAfterMs ?? 0) > 0);
    assert.equal((await installer.openChat(people.priya.id))?.id, chatIdOf(people.priya));
  });

  it('never takes an outage for "not possible"', async () => {
    for (const path of [INSTALLED, /appCatalogs/]) {
      world.graph.faults.add({ path, answer: { kind: 'throttle', retryAfter: '3' } });
      const error = await failureOf(installer.openChat(people.priya.id));
      assert.equal(error.code, 'graph.throttled');
      assert.equal(error.retryAfterMs, 3000);
    }
    world.graph.faults.add({ method: 'POST', path: INSTALLED, answer: { kind: 'status', status: 503 } });
    assert.equal((await failureOf(installer.openChat(people.priya.id))).code, 'graph.unavailable');
  });
});
