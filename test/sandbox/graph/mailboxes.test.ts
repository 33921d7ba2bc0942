// The mailboxes of contoso.example, as Graph shows them.
import assert from 'node:assert/strict';
import { z } from 'zod';
import type { GraphState } from '../../../src/sandbox/graph/server.ts';
import { people } from '../../../src/sandbox/people.ts';
import { faultOf, type Started, startGraph } from './start.ts';

const moment = z.object({ dateTime: z.string(), timeZone: z.string() });
const settings = z.object({
  timeZone: z.string(),
  language: z.object({ locale: z.string() }),
  workingHours: z.object({
    daysOfWeek: z.array(z.string()),
    startTime: z.string(),
    endTime: z.string(),
    timeZone: z.object({ name: z.string() }),
  }),
  automaticRepliesSetting: z.object({
    status: z.string(),
    scheduledStartDateTime: moment,
    scheduledEndDateTime: moment,
  }),
});
const NOW = Date.parse('2026-03-02T09:00:00Z');

describe('the mailboxes of contoso.example', () => {
  let started: Started;
  let saved: GraphState | undefined;
  const keep = (state: GraphState): void => {
    saved = state;
  };
  before(async () => {
    started = await startGraph({ now: () => NOW, onChange: keep });
  });
  after(() => started.stop());

  const settingsOf = async ({ id }: { readonly id: string }, from = started) => {
    const answer = await from.call('GET', `/users/${id}/mailboxSettings`);
    assert.equal(answer.status, 200);
    return settings.parse(await answer.json());
  };

  it('show a day at the office in the form that Exchange gives it', async () => {
    const { workingHours, timeZone, language } = await settingsOf(people.morgan);

    assert.deepEqual(workingHours, {
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      startTime: '08:30:00.0000000',
      endTime: '17:00:00.0000000',
      timeZone: { name: 'W. Europe Standard Time' },
    });
    assert.equal(timeZone, 'W. Europe Standard Time');
    assert.equal(language.locale, 'en-GB');
  });

  it('hold somebody in each language, and whose clock runs elsewhere', async () => {
    const languages = Object.values(people).map((one) => one.preferredLanguage);
    for (const language of ['en-GB', 'de-DE', 'fr-FR', 'es-ES'])
      assert.ok(languages.includes(language), language);

    assert.equal((await settingsOf(people.yuki)).timeZone, 'Tokyo Standard Time');
    const dana = await settingsOf(people.dana);
    assert.notEqual(dana.timeZone, dana.workingHours.timeZone.name);
  });

  it('hold one manager who is away for some days, one for good, and none above Alex or Lee', async () => {
    const { automaticRepliesSetting: replies } = await settingsOf(people.paula);
    assert.deepEqual(
      [replies.status, replies.scheduledStartDateTime, replies.scheduledEndDateTime],
      [
        'scheduled',
        { dateTime: '2026-03-01T00:00:00.0000000', timeZone: 'UTC' },
        { dateTime: '2026-03-05T00:00:00.0000000', timeZone: 'UTC' },
      ],
    );
    assert.equal((await settingsOf(people.luc)).automaticRepliesSetting.status, 'alwaysEnabled');

    const { jonas, morgan, priya, dana } = people;
    for (const one of [jonas, morgan, priya, dana])
      assert.equal((await settingsOf(one)).automaticRepliesSetting.status, 'disabled');
  });

  it('cannot be read where they are on premises, of guests, and of nobody', async () => {
    for (const person of [people.otto, people.tom]) {
      const answer = await started.call('GET', `/users/${person.id}/mailboxSettings`);
      assert.deepEqual(await faultOf(answer), { status: 404, code: 'MailboxNotEnabledForRESTAPI' });
    }
    assert.equal((await started.call('GET', '/users/nobody@contoso.example/mailboxSettings')).status, 404);
  });

  it('keep what their owners change, at the next start, too', async () => {
    started.graph.setMailbox(people.alex, { timeZone: 'Europe/Lisbon' });
    started.graph.setMailbox(people.alex, { replies: { status: 'alwaysEnabled' } });
    assert.ok(saved);

    const again = await startGraph({ state: JSON.parse(JSON.stringify(saved)) });
    try {
      for (const one of [started, again]) {
        const alex = await settingsOf(people.alex, one);
        assert.equal(alex.timeZone, 'Europe/Lisbon');
        assert.equal(alex.automaticRepliesSetting.status, 'alwaysEnabled');
        assert.equal(alex.language.locale, 'de-DE');
      }
    } finally {
      await again.stop();
    }
  });
});

describe('the search for people in the sandbox', () => {
  let started: Started;
  before(async () => {
    started = await startGraph();
  });
  after(() => started.stop());

  const search = async (query: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${started.graph.url}/v1.0/users?${new URLSearchParams(query)}`, {
      headers: { Authorization: `Bearer ${await started.token()}`, ...headers },
    });
  const eventual = { ConsistencyLevel: 'eventual' };

  it('is an advanced query, and lists nobody without words', async () => {
    const good = { $search: '"displayName:mor"', $count: 'true' };

    assert.equal((await search(good, eventual)).status, 200);
    assert.equal((await search(good)).status, 400);
    assert.equal((await search({ $search: good.$search }, eventual)).status, 400);
    assert.equal((await search({ $count: 'true' }, eventual)).status, 400);
    assert.equal((await search({ ...good, $search: 'displayName:mor' }, eventual)).status, 400);
    assert.equal((await search({ ...good, $search: '"jobTitle:sales"' }, eventual)).status, 400);
    assert.equal((await search({ ...good, $filter: "startswith(mail,'a')" }, eventual)).status, 400);
  });
});
