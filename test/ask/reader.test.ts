// In whose language a card is: of their Teams, else of the directory, else of the tenant; and no card waits for a directory.
import assert from 'node:assert/strict';
import sinon from 'sinon';
import { createReaders } from '../../src/ask/reader.ts';
import { SECURITY_READER } from '../../src/case/ask-step.ts';
import type { Reachable } from '../../src/ports/case-store.ts';
import type { ChatActor } from '../../src/ports/chat.ts';
import type { DirectoryUser } from '../../src/ports/directory.ts';
import { people, TENANT_ID } from '../../src/sandbox/people.ts';
import { createLogDouble } from '../helpers/teams-channel.ts';

const NOW = '2026-11-21T10:00:00.000Z';
const HOUR_MS = 3_600_000;
const { morgan, lee } = people;
const conversation = { id: 'a:1', serviceUrl: 'https://smba.trafficmanager.net/emea/' };

describe('whoever reads', () => {
  let reachable: Record<string, Partial<Reachable>>;
  let languages: Record<string, string>;
  let asked: string[];
  let answer: (id: string) => Promise<string | undefined>;
  let clock: { at: number; now(): number };
  let log: ReturnType<typeof createLogDouble>;
  beforeEach(() => {
    [reachable, languages, asked] = [{}, {}, []];
    answer = async (id) => languages[id];
    clock = { at: Date.parse(NOW), now: () => clock.at };
    log = createLogDouble();
  });

  const of = (id: string, more: Partial<Reachable>): Reachable => ({
    ...{ tenantId: TENANT_ID, id, teamsId: '29:1', conversation },
    ...more,
  });
  const readers = (locale = 'en-GB') =>
    createReaders({
      store: {
        async findReachable(tenantId, id) {
          assert.equal(tenantId, TENANT_ID);
          return reachable[id] ? of(id, reachable[id]) : null;
        },
      },
      directory: {
        async findUser(id): Promise<DirectoryUser | null> {
          asked.push(id);
          const preferredLanguage = await answer(id);
          const { displayName, userPrincipalName } = morgan;
          return {
            ...{ id: morgan.id, displayName, userPrincipalName, enabled: true, guest: false, synced: false },
            ...(preferredLanguage && { preferredLanguage }),
          };
        },
      },
      clock,
      settings: { locale, timeZone: 'Europe/Berlin' },
      tenantId: TENANT_ID,
      log,
    });

  it('reads in the language and zone of their Teams, and the directory is not asked', async () => {
    reachable[morgan.id] = { locale: 'de-CH', timeZone: 'Europe/Zurich' };
    languages[morgan.id] = 'fr-FR';

    const reader = await readers().readerOf(morgan.id);

    assert.deepEqual(reader, { locale: 'de-CH', timeZone: 'Europe/Zurich', now: NOW });
    assert.deepEqual(asked, []);
  });

  const wishes: readonly (readonly [
    teams: string | undefined,
    directory: string | undefined,
    tenant: string,
    read: string,
  ])[] = [
    [undefined, 'fr-FR', 'es-ES', 'fr-FR'],
    ['it-IT', 'de-AT', 'es-ES', 'de-AT'],
    ['it-IT', 'pt-BR', 'es-ES', 'es-ES'],
    [undefined, undefined, 'es-ES', 'es-ES'],
    ['de', undefined, 'en-GB', 'de-DE'],
  ];
  for (const [teams, directory, tenant, read] of wishes)
    it(`reads in ${read} where Teams says ${teams}, the directory ${directory}, and the tenant ${tenant}`, async () => {
      if (teams) reachable[lee.id] = { locale: teams };
      if (directory) languages[lee.id] = directory;

      const reader = await readers(tenant).readerOf(lee.id);

      assert.deepEqual(reader, { locale: read, timeZone: 'Europe/Berlin', now: NOW });
    });

  it('is the security channel: it reads in the language of the tenant, and nobody is asked', async () => {
    reachable[SECURITY_READER] = { locale: 'fr-FR', timeZone: 'Asia/Tokyo' };

    const reader = await readers('de-DE').readerOf(SECURITY_READER);

    assert.deepEqual(reader, { locale: 'de-DE', timeZone: 'Europe/Berlin', now: NOW });
    assert.deepEqual(asked, []);
  });

  it('is not looked up again where the caller has done so', async () => {
    reachable[morgan.id] = { locale: 'de-DE' };

    assert.equal((await readers().readerOf(morgan.id, of(morgan.id, { locale: 'es-ES' }))).locale, 'es-ES');
    assert.equal((await readers().readerOf(morgan.id, null)).locale, 'en-GB');
  });

  describe('and writes', () => {
    const actor: ChatActor = { tenantId: TENANT_ID, id: morgan.id, name: 'Morgan Reyes', conversation };

    it('is answered in what their client says now, whatever it said before', async () => {
      reachable[morgan.id] = { locale: 'de-DE', timeZone: 'Europe/Berlin' };

      const reader = await readers().ofActor({ ...actor, locale: 'fr-CA', timeZone: 'America/Toronto' });

      assert.deepEqual(reader, { locale: 'fr-CA', timeZone: 'America/Toronto', now: NOW });
    });

    it('is answered in what it said before where it says nothing now', async () => {
      reachable[morgan.id] = { locale: 'de-DE', timeZone: 'Europe/Vienna' };

      const reader = await readers().ofActor(actor);

      assert.deepEqual(reader, { locale: 'de-DE', timeZone: 'Europe/Vienna', now: NOW });
    });
  });

  describe('of whom Teams says nothing', () => {
    it('is looked up once an hour', async () => {
      languages[lee.id] = 'de-DE';
      const { readerOf } = readers();

      await Promise.all([readerOf(lee.id), readerOf(lee.id)]);
      languages[lee.id] = 'fr-FR';
      clock.at += HOUR_MS - 1;
      const before = await readerOf(lee.id);
      clock.at += 1;
      const after = await readerOf(lee.id);

      assert.deepEqual([before.locale, after.locale], ['de-DE', 'fr-FR']);
      assert.equal(asked.length, 2);
    });

    it('is remembered among ten thousand others, and no more', async () => {
      const { readerOf } = readers();

      for (let at = 0; at <= 10_000; at += 1) await readerOf(`person-${at}`);
      asked.length = 0;
      await readerOf('person-1');
      await readerOf('person-0');

      assert.deepEqual(asked, ['person-0']);
    });

    it('reads in the language of the tenant while the directory fails, and it is asked again in a minute', async () => {
      answer = () => Promise.reject(new Error('Graph is down'));
      const { readerOf } = readers('es-ES');

      const failed = await readerOf(lee.id);
      const again = await readerOf(lee.id);
      clock.at += 60_000;
      answer = async () => 'de-DE';
      const later = await readerOf(lee.id);

      assert.deepEqual([failed.locale, again.locale, later.locale], ['es-ES', 'es-ES', 'de-DE']);
      assert.equal(asked.length, 2);
      assert.deepEqual(
        log.lines.map(({ level }) => level),
        ['warn'],
      );
    });

    it('keeps the language that was known when the directory fails later', async () => {
      languages[lee.id] = 'de-DE';
      const { readerOf } = readers();

      await readerOf(lee.id);
      clock.at += HOUR_MS;
      answer = () => Promise.reject(new Error('Graph is down'));

      assert.equal((await readerOf(lee.id)).locale, 'de-DE');
    });

    it('waits two seconds for the directory, and what it says too late is known for the next card', async () => {
      const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        let say: (language: string) => void = () => {};
        answer = () =>
          new Promise((resolve) => {
            say = resolve;
          });
        const { readerOf } = readers('es-ES');

        const card = readerOf(lee.id);
        await timers.tickAsync(2_000);
        assert.equal((await card).locale, 'es-ES');
        say('de-DE');
        await timers.tickAsync(0);

        assert.equal((await readerOf(lee.id)).locale, 'de-DE');
        assert.deepEqual(asked, [lee.id]);
      } finally {
        timers.restore();
      }
    });
  });
});
