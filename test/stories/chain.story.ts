// Whom a question goes to, through the doors: each link of the chain missing in turn, with the reason on the card of whoever is asked;
// delegations that go round in circles; somebody who leaves while they are asked; and a company in which nobody can have the app.
import assert from 'node:assert/strict';
import { type Person, people, SECURITY_TEAM, TENANT_ID } from '../../src/sandbox/people.ts';
import { SECURITY_CHANNEL } from '../../src/sandbox/teams/index.ts';
import { onEachStore } from '../helpers/each-store.ts';
import { sendAbout } from '../helpers/sample-about.ts';
import { type Message, type TestWorld, until } from '../helpers/world.ts';

const { alex, ben, chloe, dana, emma, finn, grace, hana, ines, jonas, kai, lee } = people;
const { lucas, mia, morgan, nils, otto, paula, priya, ravi, robin, sam, yuki } = people;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const upn = ({ userPrincipalName }: Person): string => userPrincipalName;

/** What a test does in the company, and sees of it in Teams. */
function companyOf(world: TestWorld) {
  const readers = [...Object.values(people).map(upn), 'channel'];

  async function graph(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<void> {
    const { env } = world.sandbox;
    const token = await fetch(`${world.running.graph}/${TENANT_ID}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: String(env.COUNTERSIGN_BOT_APP_ID),
        client_secret: String(env.COUNTERSIGN_BOT_APP_PASSWORD),
        scope: `${world.running.graph}/.default`,
      }),
    });
    const { access_token } = (await token.json()) as { readonly access_token: string };
    const send = () =>
      fetch(`${world.running.graph}/v1.0${path}`, {
        method,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${access_token}` },
        body: JSON.stringify(body),
      });
    // Risks are asked for one by one, and the product may just have asked.
    const response = await until('Graph to take it', async () => {
      const answer = await send();
      return answer.status === 429 ? null : answer;
    });
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.text()}`);
  }

  return {
    disable: ({ id }: Person) => graph('PATCH', `/users/${id}`, { accountEnabled: false }),
    compromise: ({ id }: Person) =>
      graph('POST', '/identityProtection/riskyUsers/confirmCompromised', { userIds: [id] }),
    /** Neither they nor anybody's link to them is in the directory from now on. */
    remove({ id }: Person, reports: readonly Person[]): void {
      const answer = { kind: 'status', status: 404, code: 'Request_ResourceNotFound' } as const;
      for (const path of [`${id}$`, `${id}/`, ...reports.map((one) => `${one.id}/manager$`)])
        world.sandbox.graph.faults.add({ path: new RegExp(`/users/${path}`), times: 1_000, answer });
    },
    async setApp(person: Person, path: '/install' | '/uninstall'): Promise<void> {
      const response = await fetch(`${world.running.teams}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: upn(person) }),
      });
      assert.equal(response.status, 200);
    },
    /** A sample, as if this person had done it; asked about when it answers. */
    async alert(sample: string, subject: Person): Promise<string> {
      const ref = await sendAbout(world, sample, subject);
      await world.untilState(ref, 'asking');
      await world.untilIdle();
      return ref;
    },
    /** Who has a card of the case, and the newest one of each. */
    async cards(ref: string): Promise<ReadonlyMap<string, Message>> {
      const found = new Map<string, Message>();
      for (const reader of readers) {
        const card = (await world.messages(reader)).findLast(
          ({ kind, words }) => kind === 'card' && words.includes(ref),
        );
        if (card) found.set(reader, card);
      }
      return found;
    },
  };
}
const POLICIES = {
  'm365-app-governance-alert': { asking: { approvers: [upn(grace)] } },
  'm365-risky-sign-in': { asking: { approvers: [upn(robin)] } },
};

const WHY = /^(?:Why this comes to you|Warum Sie gefragt werden): /;

/** Why they are asked, and why others were passed over. */
function reasonsOn({ words }: Message): readonly string[] {
  const lines: readonly string[] = JSON.parse(words);
  const first = lines.findIndex((line) => WHY.test(line));
  const passed = lines.slice(first + 1).filter((line) => / but .*\.$/.test(line) && !line.startsWith('**'));
  return [lines[first]?.replace(WHY, '') ?? '', ...passed].map((line) =>
    line.replace(/until (?:the end of )?\d{1,2} \w+ \d{4}(?:, [\d:]+ [\w+-]+)?/g, 'until then'),
  );
}

interface Row {
  readonly what: string;
  readonly sample: string;
  readonly subject: Person;
  readonly before?: () => Promise<unknown>;
  /** By who is asked. */
  readonly asked: Readonly<Record<string, readonly string[]>>;
}

onEachStore('the chain, with each link missing in turn', (store) => {
  it('asks the next one who can answer, and says why', async () => {
    const world = await store.begin({
      settings: {
        security: {
          members: SECURITY_TEAM.map(({ id }) => id),
          onCall: [ben.id, yuki.id],
          channel: SECURITY_CHANNEL.id,
        },
        detection: { policies: POLICIES },
        asking: {
          ...{ related: '0s', digest: { after: 100 } },
          owners: [{ owner: upn(jonas), buckets: ['contoso-*'] }],
        },
      },
    });
    const company = companyOf(world);
    const away = async (person: Person): Promise<void> =>
      world.sandbox.graph.setMailbox(person, { replies: { status: 'alwaysEnabled' } });
    const nobodyNearer = (name: string, subject: string): string =>
      `${name} is 2 levels above ${subject}, and nobody nearer can answer.`;
    const contact =
      "Elena Petrov (Fabrikam) is Kai Brandt's manager but is outside the company and has no account.";
    const rows: readonly Row[] = [
      {
        what: 'whom the policy names',
        ...{ sample: 'oauth-app', subject: alex },
        asked: { [upn(grace)]: ['Grace Obi is named by the policy.'] },
      },
      {
        what: 'the manager, where the one named is disabled',
        ...{ sample: 'risky-sign-in', subject: alex },
        asked: {
          [upn(morgan)]: [
            "Morgan Reyes is Alex Weber's manager, and nobody nearer can answer.",
            'Robin Castillo is named by the policy but the account is disabled.',
          ],
        },
      },
      {
        what: 'the manager',
        ...{ sample: 'synced-user', subject: grace },
        asked: { [upn(morgan)]: ["Morgan Reyes is Grace Obi's manager."] },
      },
      {
        what: 'the next level, where the manager is out of office',
        ...{ sample: 'mass-download', subject: emma },
        asked: {
          [upn(priya)]: [
            nobodyNearer('Priya Nair', 'Emma Petit'),
            "Luc Garnier is Emma Petit's manager but is away.",
          ],
        },
      },
      {
        what: 'the delegate of a manager who is out of office',
        ...{ sample: 'mass-download', subject: lucas },
        before: () => world.say(upn(paula), `delegate to Dana Holt until ${inDays(world, 3)}`),
        asked: {
          [upn(dana)]: [
            "Dana Holt stands in for Paula Ortega until then: Paula Ortega is Lucas Romero's manager.",
            "Paula Ortega is Lucas Romero's manager but has handed over to Dana Holt until then.",
          ],
        },
      },
      {
        what: 'the manager whose mailbox nobody can read, in his language',
        ...{ sample: 'mass-download', subject: finn },
        asked: { [upn(otto)]: ['Otto Kern ist die Führungskraft von Finn Albers.'] },
      },
      {
        what: 'the next level, where the manager is disabled',
        ...{ sample: 'disabled-manager', subject: mia },
        asked: {
          [upn(morgan)]: [
            nobodyNearer('Morgan Reyes', 'Mia Fischer'),
            "Robin Castillo is Mia Fischer's manager but the account is disabled.",
          ],
        },
      },
      {
        what: 'the next level, where the manager is a guest',
        ...{ sample: 'guest-manager', subject: ines },
        asked: {
          [upn(morgan)]: [
            nobodyNearer('Morgan Reyes', 'Ines Duarte'),
            "Tom Vega is Ines Duarte's manager but is a guest.",
          ],
        },
      },
      {
        what: 'the next level, where the manager is named in the alert',
        ...{ sample: 'manager-is-suspect', subject: lee },
        asked: {
          [upn(morgan)]: [
            nobodyNearer('Morgan Reyes', 'Lee Tanaka'),
            "Jonas Lindqvist is Lee Tanaka's manager but is named in the alert.",
          ],
        },
      },
      {
        what: 'the next level, where another open case is about the manager',
        ...{ sample: 'mass-download', subject: hana },
        before: () => company.alert('administrator', ravi),
        asked: {
          [upn(dana)]: [
            nobodyNearer('Dana Holt', 'Hana Suzuki'),
            "Ravi Menon is Hana Suzuki's manager but is the person in question in another open case.",
          ],
        },
      },
      {
        what: 'the next level, where the manager is at risk',
        ...{ sample: 'impossible-travel', subject: finn },
        before: () => company.compromise(otto),
        asked: {
          [upn(dana)]: [
            nobodyNearer('Dana Holt', 'Finn Albers'),
            "Otto Kern is Finn Albers's manager but is at risk in Entra.",
          ],
        },
      },
      {
        what: 'the owner of the bucket, where there is no manager',
        ...{ sample: 'bucket-public', subject: sam },
        asked: { [upn(jonas)]: ['Jonas Lindqvist owns contoso-invoices.'] },
      },
      {
        what: 'who is on call, beside the channel',
        ...{ sample: 'no-manager', subject: sam },
        asked: {
          [upn(ben)]: ['The directory names no manager for Sam Okafor. Ben Adler is on call.'],
          channel: ['The directory names no manager for Sam Okafor.'],
        },
      },
      {
        what: 'the next one on call',
        ...{ sample: 'contact-manager', subject: kai },
        before: () => away(ben),
        asked: {
          [upn(yuki)]: [
            'Nobody above Kai Brandt can answer. Yuki Mori is on call.',
            contact,
            'Ben Adler is on call but is away.',
          ],
          channel: ['Nobody above Kai Brandt can answer.', contact, 'Ben Adler is on call but is away.'],
        },
      },
      {
        what: 'the channel alone',
        ...{ sample: 'impossible-travel', subject: kai },
        before: () => away(yuki),
        asked: {
          channel: [
            'Nobody above Kai Brandt can answer.',
            contact,
            'Ben Adler is on call but is away.',
            'Yuki Mori is on call but is away.',
          ],
        },
      },
    ];

    for (const { what, sample, subject, before, asked } of rows) {
      await before?.();
      const cards = await company.cards(await company.alert(sample, subject));
      const reasons = Object.fromEntries([...cards].map(([reader, card]) => [reader, reasonsOn(card)]));
      assert.deepEqual(reasons, asked, what);
    }
    const ref = await company.alert('unreachable-manager', chloe);
    const cards = await company.cards(ref);
    assert.deepEqual([...cards.keys()], [upn(morgan), 'channel']);
    assert.deepEqual(reasonsOn(cards.get(upn(morgan)) ?? assert.fail()), [
      nobodyNearer('Morgan Reyes', 'Chloe Martin'),
      "Nils Berg is Chloe Martin's manager but cannot be reached in Teams.",
    ]);
    assert.match(cards.get('channel')?.words ?? '', /Teams admin center/);
    assert.equal((await world.messages(upn(nils))).length, 0);
  });
});

const inDays = (world: TestWorld, days: number): string =>
  new Date(world.clock.now() + days * DAY).toISOString().slice(0, 10);

onEachStore('delegations that go round in circles', (store) => {
  it('end with somebody who may answer, and does', async () => {
    const members = [yuki, ben, morgan].map(({ id }) => id);
    const world = await store.begin({ settings: { security: { members, channel: SECURITY_CHANNEL.id } } });
    const company = companyOf(world);
    const handOver = (from: Person, to: Person) =>
      world.say(upn(from), `delegate to ${to.displayName} until ${inDays(world, 3)}`);
    async function answered(subject: Person, by: Person): Promise<readonly string[]> {
      const ref = await company.alert('mass-download', subject);
      const cards = await company.cards(ref);
      assert.deepEqual([...cards.keys()], [upn(by)]);
      await world.click({ user: upn(by), verb: 'dismiss', activityId: cards.get(upn(by))?.activityId });
      await world.untilState(ref, 'dismissed');
      return reasonsOn(cards.get(upn(by)) ?? assert.fail());
    }
    const nextLevel = (subject: Person): string =>
      `Priya Nair is 2 levels above ${subject.displayName}, and nobody nearer can answer.`;

    assert.match(await handOver(morgan, morgan), /Nothing was done/);
    assert.match(await handOver(morgan, alex), /Nothing was done/);
    assert.deepEqual(await answered(alex, morgan), ["Morgan Reyes is Alex Weber's manager."]);

    await handOver(morgan, yuki);
    await handOver(yuki, morgan);
    assert.deepEqual(await answered(grace, priya), [
      nextLevel(grace),
      "Morgan Reyes is Grace Obi's manager but has handed over to Yuki Mori until then.",
      'Yuki Mori stands in for Morgan Reyes but has handed over to Morgan Reyes until then.',
      'Morgan Reyes stands in for Yuki Mori but Yuki Mori stands in for them in turn.',
    ]);

    await handOver(yuki, ben);
    await handOver(ben, morgan);
    assert.deepEqual(await answered(jonas, priya), [
      nextLevel(jonas),
      "Morgan Reyes is Jonas Lindqvist's manager but has handed over to Yuki Mori until then.",
      'Yuki Mori stands in for Morgan Reyes but has handed over to Ben Adler until then.',
      'Ben Adler stands in for Yuki Mori but has handed over to Morgan Reyes until then.',
      'Morgan Reyes stands in for Ben Adler but Ben Adler stands in for them in turn.',
    ]);

    assert.deepEqual(await answered(ben, dana), [
      'Dana Holt is 2 levels above Ben Adler, and nobody nearer can answer.',
      "Yuki Mori is Ben Adler's manager but has handed over to Ben Adler until then.",
      'Ben Adler stands in for Yuki Mori but is the person in question.',
    ]);
  });
});

onEachStore('a manager who leaves in mid-case', (store) => {
  let world: TestWorld;
  let company: ReturnType<typeof companyOf>;
  beforeEach(async () => {
    world = await store.begin();
    company = companyOf(world);
  });
  /** Until somebody is reminded, with another process. */
  async function pass(ms: number): Promise<void> {
    await world.restart(async () => world.later(ms));
    await world.untilIdle();
  }

  it('is passed over at the reminder where the account is disabled, and has no say any more', async () => {
    const ref = await company.alert('mass-download-high', alex);
    assert.deepEqual([...(await company.cards(ref)).keys()], [upn(morgan)]);
    await company.disable(morgan);
    await pass(31 * MINUTE);

    const cards = await company.cards(ref);
    assert.deepEqual(reasonsOn(cards.get(upn(priya)) ?? assert.fail()), [
      'Priya Nair is 2 levels above Alex Weber, and nobody nearer can answer.',
      "Morgan Reyes is Alex Weber's manager but the account is disabled.",
    ]);
    const theirs = cards.get(upn(morgan));
    assert.match(theirs?.words ?? '', /^\["With Priya Nair"/);
    assert.deepEqual(theirs?.buttons, []);
    await world.say(upn(morgan), `escalate ${ref}`);
    assert.equal((await world.theCase(ref)).state, 'asking');
    await world.click({ user: upn(priya), title: 'Sign Alex Weber out everywhere' });
    await world.untilState(ref, 'contained');
  });

  it('is passed over at the reminder where the account is deleted', async () => {
    const ref = await company.alert('mass-download-high', hana);
    assert.deepEqual([...(await company.cards(ref)).keys()], [upn(ravi)]);
    company.remove(ravi, [hana]);
    await pass(31 * MINUTE);

    const cards = await company.cards(ref);
    assert.deepEqual([...cards.keys()], [upn(ravi), 'channel']);
    assert.match(cards.get(upn(ravi))?.words ?? '', /^\["With the security team"/);
    assert.deepEqual(reasonsOn(cards.get('channel') ?? assert.fail()), [
      'The directory names no manager for Hana Suzuki.',
    ]);
  });

  it('is passed over at once where they remove the app, and administrators are told once', async () => {
    const ref = await company.alert('mass-download', alex);
    await company.setApp(morgan, '/uninstall');
    const card = await until('the next one', async () => (await company.cards(ref)).get(upn(priya)));
    await world.untilIdle();

    assert.deepEqual(reasonsOn(card), [
      'Priya Nair is 2 levels above Alex Weber, and nobody nearer can answer.',
      "Morgan Reyes is Alex Weber's manager but cannot be reached in Teams.",
    ]);
    const [told, ...others] = await world.messages('channel');
    assert.match(told?.words ?? '', /Who: Morgan Reyes","Why: The Countersign app was removed for them\./);
    assert.deepEqual(others, []);
  });
});

onEachStore('a company in which nobody can have the app', (store) => {
  it('asks the security channel about everything, and tells administrators once', async () => {
    const world = await store.begin({ settings: { asking: { related: '0s', digest: { after: 100 } } } });
    const company = companyOf(world);
    const answer = { kind: 'status', status: 404, code: 'NotFound' } as const;
    world.sandbox.graph.faults.add({ path: /appCatalogs/, times: 10_000, answer });
    const refs: string[] = [];
    for (const subject of [alex, grace, lee, chloe, hana, lucas, finn])
      refs.push(await company.alert('mass-download', subject));
    refs.push(await company.alert('bucket-public', alex));

    const channel = await world.messages('channel');
    for (const ref of refs) {
      const [card, ...again] = channel.filter(
        ({ words, buttons }) => words.includes(ref) && buttons.length > 0,
      );
      assert.match(card?.words ?? '', /Nobody above [\w ]+ can answer/);
      assert.deepEqual(again, []);
      const { activityId } = card ?? assert.fail();
      await world.click({ user: upn(yuki), channel: true, activityId, verb: 'dismiss' });
      await world.untilState(ref, 'dismissed');
    }
    for (const person of Object.values(people)) assert.deepEqual(await world.messages(upn(person)), []);
    const told = channel.filter(({ words }) => words.includes('Teams admin center'));
    assert.deepEqual(
      told.map(({ words }) => [/Who: ([^"]+)"/.exec(words)?.[1], words.includes('perhaps for everybody')]),
      [
        ['Morgan Reyes, Priya Nair, Dana Holt', false],
        ['Jonas Lindqvist', false],
        ['Nils Berg', false],
        ['Ravi Menon', true],
      ],
    );
    assert.equal(channel.length, refs.length + told.length);
  });
});
