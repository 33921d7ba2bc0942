// Whom a question goes to: each link of the chain missing in turn, and why those before were passed over.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { UserId } from '../../src/case/ids.ts';
import type { RouteRung } from '../../src/case/question.ts';
import { saysNamedBy } from '../../src/case/rung-words.ts';
import { DEFAULT_DETECTION, type OperatorSettings } from '../../src/case/settings.ts';
import { people } from '../../src/sandbox/people.ts';
import {
  type AskingStage,
  askedIn,
  chatOf,
  createAskingStage,
  passedIn,
  reasonIn,
  START,
} from '../helpers/asking-stage.ts';
import { settings as usual } from '../helpers/cases.ts';
import { english, inLanguage } from '../helpers/english.ts';

const { alex, morgan, priya, dana, yuki, ben, jonas, lee, ravi, tom } = people;
const UNTIL = '2026-11-27T17:00:00.000Z';
const UNTIL_THEN = 'until 27 Nov 2026, 18:00:00 CET';
const owners = (...buckets: string[]): Partial<OperatorSettings> => ({
  asking: { ...usual.asking, owners: [{ owner: jonas.userPrincipalName, accounts: [], buckets }] },
});
const onCall = (...ids: readonly UserId[]): Partial<OperatorSettings> => ({
  security: { ...usual.security, members: [yuki.id, ben.id], onCall: ids },
});
const bounds = (...ask: OperatorSettings['detection']['bounds']['ask']): Partial<OperatorSettings> => ({
  detection: { ...DEFAULT_DETECTION, bounds: { ...DEFAULT_DETECTION.bounds, ask } },
});
const inEnglish = (rungs: readonly RouteRung[]): readonly RouteRung[] =>
  rungs.map((rung) => ({ ...rung, reason: english(rung.reason) }));
const ROOT = {
  subject: null,
  named: [],
  hint: { kind: 'unknown', reason: 'It was root.' },
} as const satisfies Partial<Case>;

describe('Whom a question goes to', () => {
  let stage: AskingStage;
  const start = async (over: Partial<OperatorSettings> = {}): Promise<AskingStage> => {
    stage = await createAskingStage(over);
    return stage;
  };
  afterEach(() => stage.close());

  const { state } = { state: () => stage.world.state };
  const change = (person: typeof alex, over: object): void => {
    const known = state().users.get(person.id) ?? assert.fail();
    state().users.set(person.id, { ...known, ...over });
  };
  const risky = (person: typeof alex, riskState = 'atRisk'): void =>
    void state().risks.set(person.id, { level: 'high', state: riskState, updatedAt: null });

  it("is the subject's manager", async () => {
    await start();

    const about = await stage.open();

    const { question } = about;
    assert.deepEqual(question?.approver, {
      kind: 'person',
      id: morgan.id,
      name: morgan.displayName,
      as: 'manager',
    });
    assert.equal(question.beside, undefined);
    assert.equal(reasonIn(about), "Morgan Reyes is Alex Weber's manager.");
    assert.deepEqual(inEnglish(question.path), [
      {
        name: 'Morgan Reyes',
        id: morgan.id,
        outcome: 'asked',
        reason: "Morgan Reyes is Alex Weber's manager.",
      },
    ]);
    assert.deepEqual(
      stage.sent.map(({ to }) => to),
      [chatOf(morgan)],
    );
  });

  for (const [what, set, why] of [
    ['disabled', () => change(morgan, { enabled: false }), 'the account is disabled'],
    ['a guest', () => change(morgan, { guest: true }), 'is a guest'],
    ['at risk in Entra', () => risky(morgan), 'is at risk in Entra'],
    ['confirmed compromised', () => risky(morgan, 'confirmedCompromised'), 'is at risk in Entra'],
    ['in a state that Microsoft added since', () => risky(morgan, 'newState'), 'is at risk in Entra'],
    ['away', () => stage.away(morgan, UNTIL), `is away ${UNTIL_THEN}`],
    ['away, nobody knows until when', () => stage.away(morgan, null), 'is away'],
    [
      'without the app, which cannot be installed',
      () => stage.notInstallable.add(morgan.id),
      'cannot be reached in Teams',
    ],
  ] as const)
    for (const severity of ['low', 'critical'] as const)
      it(`is the next level where the manager is ${what} (${severity}), and the card says why`, async () => {
        await start();
        set();

        const about = await stage.open({ severity });

        assert.deepEqual(askedIn(about), ['Priya Nair']);
        assert.deepEqual(passedIn(about), [`Morgan Reyes is Alex Weber's manager but ${why}.`]);
        assert.equal(
          reasonIn(about),
          'Priya Nair is 2 levels above Alex Weber, and nobody nearer can answer.',
        );
        assert.ok(!stage.sent.some(({ to }) => to === chatOf(morgan)));
      });

  for (const [what, over, why] of [
    ['named in the alert by object id', { named: [alex.id, morgan.id] }, 'is named in the alert'],
    ['named in the alert by principal name', { named: [morgan.userPrincipalName] }, 'is named in the alert'],
    ['known not to be reachable', { unreachable: [morgan.id] }, 'cannot be reached in Teams'],
    [
      'the one who said that it is for somebody else',
      {
        reassigned: [
          {
            to: { id: alex.id, name: 'Alex Weber' },
            by: { kind: 'person', id: morgan.id, name: 'Morgan' },
            at: UNTIL,
          },
        ],
      },
      'said that it is for somebody else to answer',
    ],
  ] as const)
    it(`is the next level where the manager is ${what}`, async () => {
      await start();

      const about = await stage.open(over as Partial<Case>);

      assert.deepEqual(askedIn(about), ['Priya Nair']);
      assert.equal(passedIn(about).at(-1), `Morgan Reyes is Alex Weber's manager but ${why}.`);
    });

  it('is never somebody whom another open case is about', async () => {
    await start();
    await stage.open({
      subject: { id: morgan.id, name: 'Morgan Reyes', userPrincipalName: morgan.userPrincipalName },
      hint: { kind: 'entra', id: morgan.id },
      named: [morgan.id],
    });

    const about = await stage.open();

    assert.deepEqual(askedIn(about), ['Priya Nair']);
    assert.match(passedIn(about)[0] ?? '', /but is the person in question in another open case\.$/);
  });

  it('is the security team where nobody above can answer, each of them with a reason', async () => {
    await start();
    for (const person of [morgan, priya, dana]) stage.notInstallable.add(person.id);

    const about = await stage.open();

    assert.deepEqual(askedIn(about), ['security']);
    assert.equal(passedIn(about).length, 3);
    assert.equal(reasonIn(about), 'Nobody above Alex Weber can answer.');
    assert.equal(stage.sent[0]?.to, stage.settings.security.channel);
  });

  for (const [what, over, reason] of [
    [
      'the directory names no manager',
      { subject: null, hint: { kind: 'entra', id: people.sam.id } },
      'The directory names no manager for Sam Okafor.',
    ],
    [
      'the manager is a contact outside',
      { subject: null, hint: { kind: 'entra', id: people.kai.id } },
      'The directory names no manager for Kai Brandt.',
    ],
    ['somebody handed it over', { toSecurity: 'Kim handed this over.' }, 'Kim handed this over.'],
    ['nobody knows who did it', ROOT, 'It was root. So the security team is asked.'],
    [
      'the directory does not know them',
      { subject: null, hint: { kind: 'entra', id: 'gone@contoso.example' } },
      'The directory knows nobody by that name. So the security team is asked.',
    ],
  ] as const)
    it(`is the security team when ${what}`, async () => {
      await start();

      const about = await stage.open(over as Partial<Case>);

      assert.deepEqual(askedIn(about), ['security']);
      assert.equal(reasonIn(about), reason);
      assert.deepEqual(inEnglish(about.question?.path ?? []).at(-1), {
        name: 'The security team',
        outcome: 'asked',
        reason,
      });
    });

  it('is looked for on five levels and no further', async () => {
    await start();
    const levels = ['1', '2', '3', '4', '5', '6'].map((level) => ({
      ...(state().users.get(morgan.id) ?? assert.fail()),
      id: `00000000-0000-4000-8000-00000000010${level}` as UserId,
      displayName: `Level ${level}`,
      enabled: level === '6',
    }));
    const above = new Map([alex, ...levels].map((one, place) => [one.id, levels[place]]));
    Object.assign(stage.world.world.directory, {
      managerOf: async (id: UserId) => {
        const user = above.get(id);
        return user ? { kind: 'user', user } : null;
      },
    });

    const about = await stage.open();

    assert.deepEqual(askedIn(about), ['security']);
    assert.equal(passedIn(about).length, 5);
  });

  it('has its reasons in every language', async () => {
    await start();
    stage.away(morgan, UNTIL);
    await stage.delegate(priya, dana, UNTIL);

    const { path: rungs = [], reason = '' } = (await stage.open()).question ?? {};

    const [first = assert.fail(), second = assert.fail()] = rungs.map((rung) => rung.reason);
    assert.equal(
      inLanguage('de', first),
      'Morgan Reyes ist die Führungskraft von Alex Weber, ist aber bis 27. Nov. 2026, 18:00:00 MEZ abwesend.',
    );
    assert.equal(
      inLanguage('es', second),
      'Priya Nair está 2 niveles por encima de Alex Weber, pero ha delegado en Dana Holt hasta 27 nov 2026, 18:00:00 CET.',
    );
    assert.equal(
      inLanguage('fr', reason),
      'Dana Holt remplace Priya Nair (fin : 27 nov. 2026, 18:00:00 UTC+1) : Priya Nair encadre Alex Weber, 2 niveaux plus haut dans la hiérarchie.',
    );
  });

  describe('that a policy names', () => {
    it('are all asked at once, each with a card of their own', async () => {
      await start();

      const about = await stage.open({}, { approvers: [dana.id, ravi.userPrincipalName] });

      assert.deepEqual(askedIn(about), ['Dana Holt', 'Ravi Menon']);
      assert.deepEqual(stage.sent.map(({ to }) => to).toSorted(), [chatOf(dana), chatOf(ravi)].toSorted());
      assert.equal(reasonIn(about), 'Dana Holt is named by the policy. Ravi Menon is named by the policy.');
    });

    it('are passed over one by one, and the managers are asked where none is left', async () => {
      await start();
      change(dana, { enabled: false });

      const some = await stage.open({}, { approvers: [dana.id, ravi.id] });
      stage.away(ravi, null);
      const none = await stage.open({}, { approvers: [dana.id, ravi.id, 'nobody@contoso.example'] });

      assert.deepEqual(askedIn(some), ['Ravi Menon']);
      assert.deepEqual(askedIn(none), ['Morgan Reyes']);
      assert.deepEqual(passedIn(none), [
        'Dana Holt is named by the policy but the account is disabled.',
        'Ravi Menon is named by the policy but is away.',
        'nobody@contoso.example is named by the policy but is not in the directory.',
      ]);
    });

    it('never include the person in question', async () => {
      await start();

      const about = await stage.open({}, { approvers: [alex.id, ravi.id] });

      assert.deepEqual(askedIn(about), ['Ravi Menon']);
      assert.match(passedIn(about)[0] ?? '', /but is the person in question\.$/);
    });

    it('are asked even where nobody knows who did it', async () => {
      await start();

      assert.deepEqual(askedIn(await stage.open(ROOT, { approvers: [ravi.id] })), ['Ravi Menon']);
    });

    it('are not asked where the settings do not let policies name anybody', async () => {
      await start(bounds('manager', 'security'));

      const about = await stage.open({}, { approvers: [ravi.id] });

      assert.deepEqual(askedIn(about), ['Morgan Reyes']);
      assert.deepEqual(passedIn(about), ['The settings do not let whom the policy names be asked.']);
    });

    for (const [what, rule, approvers, expected] of [
      ['a quorum of two', { kind: 'quorum', of: 2 }, [dana.id, ravi.id], ['Dana Holt', 'Ravi Menon']],
      [
        'a quorum of two of whom one can be asked',
        { kind: 'quorum', of: 2 },
        [ravi.id],
        ['Ravi Menon', 'security'],
      ],
      ['a quorum of two and no names', { kind: 'quorum', of: 2 }, [], ['Morgan Reyes', 'security']],
      [
        'everyone, all of whom can be asked',
        { kind: 'everyone' },
        [dana.id, ravi.id],
        ['Dana Holt', 'Ravi Menon'],
      ],
      [
        'everyone, one of whom is a guest',
        { kind: 'everyone' },
        [tom.id, ravi.id],
        ['Ravi Menon', 'security'],
      ],
      ['everyone, and no names', { kind: 'everyone' }, [], ['Morgan Reyes']],
      ['a sequence', { kind: 'sequence' }, [], ['Morgan Reyes']],
    ] as const)
      it(`are enough, or the security team is asked as well: ${what}`, async () => {
        await start();

        const about = await stage.open({}, { rule, approvers });

        assert.deepEqual(askedIn(about), expected);
        assert.deepEqual(about.question?.rule, rule);
        assert.equal(stage.sent.length, expected.length);
      });
  });

  describe('where a manager has handed over', () => {
    it('is the delegate above them, and the reason names both and until when', async () => {
      await start();
      await stage.delegate(morgan, dana, UNTIL);

      const about = await stage.open();

      assert.deepEqual(about.question?.approver, {
        kind: 'person',
        id: dana.id,
        name: 'Dana Holt',
        as: 'delegate',
      });
      assert.equal(
        reasonIn(about),
        `Dana Holt stands in for Morgan Reyes ${UNTIL_THEN}: Morgan Reyes is Alex Weber's manager.`,
      );
      assert.deepEqual(passedIn(about), [
        `Morgan Reyes is Alex Weber's manager but has handed over to Dana Holt ${UNTIL_THEN}.`,
      ]);
    });

    it('reads the time on the card as people do', async () => {
      await start();
      await stage.delegate(morgan, dana, UNTIL);

      await stage.open();

      const words = JSON.stringify(stage.sent[0]?.card);
      assert.match(words, /stands in for Morgan Reyes until 27 Nov 2026, 18:00:00 CET/);
      assert.doesNotMatch(words, /time:/);
    });

    it('is the delegate of the security team', async () => {
      await start();
      await stage.delegate(morgan, ben, UNTIL);

      assert.deepEqual(askedIn(await stage.open()), ['Ben Adler']);
    });

    it('is the manager again once that is over', async () => {
      await start();
      await stage.delegate(morgan, dana, new Date(START - 1).toISOString());

      assert.deepEqual(askedIn(await stage.open()), ['Morgan Reyes']);
    });

    for (const [what, to, why] of [
      ['somebody beside or below them', lee, 'is neither above Morgan Reyes nor on the security team'],
      ['the person in question', alex, 'is neither above Morgan Reyes nor on the security team'],
    ] as const)
      it(`is the next level, never ${what}, whoever set it`, async () => {
        await start();
        await stage.delegate(morgan, to, UNTIL);

        const about = await stage.open();

        assert.deepEqual(askedIn(about), ['Priya Nair']);
        assert.equal(passedIn(about).at(-1), `${to.displayName} stands in for Morgan Reyes but ${why}.`);
        assert.ok(!stage.sent.some((one) => one.to === chatOf(to)));
      });

    it('is never the person in question, even as a member of the security team', async () => {
      await start({ security: { ...usual.security, members: [alex.id] } });
      await stage.delegate(morgan, alex, UNTIL);

      const about = await stage.open();

      assert.deepEqual(askedIn(about), ['Priya Nair']);
      assert.match(passedIn(about).at(-1) ?? '', /but is the person in question\.$/);
    });

    for (const [what, set, why] of [
      ['at risk', () => risky(dana), 'is at risk in Entra'],
      ['disabled', () => change(dana, { enabled: false }), 'the account is disabled'],
      ['away themselves', () => stage.away(dana, null), 'is away'],
      ['out of reach', () => stage.notInstallable.add(dana.id), 'cannot be reached in Teams'],
    ] as const)
      it(`is the next level where the delegate is ${what}`, async () => {
        await start();
        await stage.delegate(morgan, dana, UNTIL);
        set();

        const about = await stage.open();

        assert.deepEqual(askedIn(about), ['Priya Nair']);
        assert.equal(passedIn(about).at(-1), `Dana Holt stands in for Morgan Reyes but ${why}.`);
      });

    it('is the delegate of the delegate', async () => {
      await start();
      await stage.delegate(morgan, priya, UNTIL);
      await stage.delegate(priya, dana, UNTIL);

      const about = await stage.open();

      assert.deepEqual(askedIn(about), ['Dana Holt']);
      assert.equal(passedIn(about).length, 2);
    });

    it('ends where delegations go in a circle, and says so', async () => {
      await start();
      await stage.delegate(morgan, yuki, UNTIL);
      await stage.delegate(yuki, ben, UNTIL);
      await stage.delegate(ben, yuki, UNTIL);

      const about = await stage.open();

      assert.deepEqual(askedIn(about), ['Priya Nair']);
      assert.equal(
        passedIn(about).at(-1),
        'Yuki Mori stands in for Ben Adler but Ben Adler stands in for them in turn.',
      );
    });

    it('ends where two hand to each other', async () => {
      await start({ security: { ...usual.security, members: [yuki.id, morgan.id] } });
      await stage.delegate(morgan, yuki, UNTIL);
      await stage.delegate(yuki, morgan, UNTIL);

      assert.deepEqual(askedIn(await stage.open()), ['Priya Nair']);
    });
  });

  describe('where something cannot be read', () => {
    const fail = (retryable: boolean) => async () => {
      throw new CountersignError(retryable ? 'graph.unavailable' : 'graph.forbidden', 'no', { retryable });
    };
    for (const [what, at] of [
      ['mailbox', () => ({ on: stage.routing.calendars, name: 'calendarOf' })],
      ['risk', () => ({ on: stage.routing.risk, name: 'riskOf' })],
    ] as const) {
      it(`is the manager all the same: a ${what} without permission or licence says nothing`, async () => {
        await start();
        const { on, name } = at();
        Object.assign(on, { [name]: fail(false) });

        assert.deepEqual(askedIn(await stage.open()), ['Morgan Reyes']);
      });

      it(`waits for a ${what} that may be read later, and takes it for unknown in the end`, async () => {
        await start();
        const { on, name } = at();
        Object.assign(on, { [name]: fail(true) });

        await assert.rejects(stage.open(), { code: 'graph.unavailable' });

        const [about] = await stage.store.listCases();
        assert.equal(about?.state, 'routing');
        const step = stage.steps[0] ?? assert.fail();
        const { routeCase } = await import('../../src/route/route-case.ts');
        await routeCase({ ...step, attempts: 7 }, stage.routing);
        assert.deepEqual(askedIn((await stage.store.readCase(step.caseId)) ?? assert.fail()), [
          'Morgan Reyes',
        ]);
      });
    }
  });

  describe('when the managers are not to be asked', () => {
    for (const [what, bucket, over, expected] of [
      ['owns the bucket by the settings', 'inv*', ROOT, ['Jonas Lindqvist']],
      ['owns another bucket', 'pay*', ROOT, ['security']],
      [
        'owns one of two buckets',
        'inv*',
        {
          ...ROOT,
          targets: ['invoices', 'payroll'].map((name) => ({
            ...{ kind: 'bucket' as const, account: '123456789012', region: 'eu-central-1', name },
          })),
        },
        ['security'],
      ],
      ['owns a name that a refused caller made up', 'inv*', { ...ROOT, attempt: true }, ['security']],
    ] as const)
      it(`is whoever ${what}: ${expected.join()}`, async () => {
        await start(owners(bucket));

        assert.deepEqual(askedIn(await stage.open(over as Partial<Case>)), expected);
      });

    it('is whoever owns the account', async () => {
      const owned = [{ owner: jonas.id, accounts: ['123456789012'], buckets: [] }];
      await start({ asking: { ...usual.asking, owners: owned } });

      assert.deepEqual(askedIn(await stage.open({ ...ROOT, attempt: true })), ['Jonas Lindqvist']);
    });

    it('is the owner after every manager, by their word alone', async () => {
      await start(owners('inv*'));
      for (const person of [morgan, priya, dana]) stage.notInstallable.add(person.id);

      const about = await stage.open();

      assert.deepEqual(askedIn(about), ['Jonas Lindqvist']);
      assert.equal(about.question?.rule, undefined);
      assert.equal(reasonIn(about), 'Jonas Lindqvist owns invoices.');
    });

    it('is the owner and then the security team where the owner may be whoever did it', async () => {
      await start(owners('inv*'));

      const about = await stage.open(ROOT);

      assert.deepEqual(about.question?.rule, { kind: 'sequence' });
      assert.match(reasonIn(about) ?? '', /the security team confirms what they say/);
    });

    for (const [what, over] of [
      ['settings keep owners from being asked', bounds('manager', 'security')],
      ['settings let only the security team be asked', bounds('security')],
    ] as const)
      it(`is the security team where the ${what}`, async () => {
        await start({ ...owners('*'), ...over });

        assert.deepEqual(askedIn(await stage.open(ROOT, { approvers: [ravi.id] })), ['security']);
      });

    for (const kinds of [['security'], ['subject', 'security']] as const)
      it(`says that it is by the settings where they let only ${kinds.join(' and ')} be asked`, async () => {
        await start(bounds(...kinds));

        const about = await stage.open();

        assert.equal(reasonIn(about), 'The settings let nobody but the security team be asked.');
      });
  });

  describe('that goes to the security team', () => {
    it('goes to the first on call who is there, in their own chat, beside the channel', async () => {
      await start(onCall(yuki.id, ben.id));
      stage.away(yuki, UNTIL);

      const about = await stage.open(ROOT);

      assert.deepEqual(askedIn(about), ['security', 'Ben Adler']);
      assert.deepEqual(about.question?.beside, [
        { kind: 'person', id: ben.id, name: 'Ben Adler', as: 'on-call' },
      ]);
      assert.deepEqual(passedIn(about), [`Yuki Mori is on call but is away ${UNTIL_THEN}.`]);
      assert.deepEqual(stage.sent.map(({ to }) => to).toSorted(), [
        stage.settings.security.channel,
        chatOf(ben),
      ]);
    });

    it('goes to the channel alone where nobody on call can be asked', async () => {
      await start(onCall(yuki.id, ben.id));
      risky(yuki);

      const about = await stage.open({ ...ROOT, named: [ben.id] });

      assert.deepEqual(askedIn(about), ['security']);
      assert.equal(passedIn(about).length, 2);
    });

    it('goes to somebody on call other than who gave the first of two signatures', async () => {
      await start(onCall(yuki.id, ben.id));
      const by = { kind: 'person', id: yuki.id, name: 'Yuki Mori' } as const;

      const about = await stage.open({
        toSecurity: 'A second person is asked.',
        decisions: [{ verb: 'dismiss', by, at: UNTIL, awaits: 'It takes two.' }],
      });

      assert.deepEqual(askedIn(about), ['security', 'Ben Adler']);
    });
  });

  describe('that somebody sent on', () => {
    const by = { kind: 'person', id: morgan.id, name: 'Morgan Reyes' } as const;
    const to = (person: typeof alex): Partial<Case> => ({
      reassigned: [{ to: { id: person.id, name: person.displayName }, by, at: UNTIL }],
    });

    it('is with whom they named, before whom the policy names', async () => {
      await start();

      const about = await stage.open(to(lee), { approvers: [ravi.id] });

      assert.deepEqual(about.question?.approver, {
        kind: 'person',
        id: lee.id,
        name: 'Lee Tanaka',
        as: 'reassigned',
      });
      assert.equal(reasonIn(about), 'Lee Tanaka was named by Morgan Reyes as the one to answer.');
    });

    it('says who named them, also where somebody stands in for them', async () => {
      await start();
      await stage.delegate(lee, ben, UNTIL);

      const { reason = '' } = (await stage.open(to(lee))).question ?? {};

      assert.match(
        english(reason),
        /^Ben Adler stands in for Lee Tanaka until .* Lee Tanaka was named by Morgan/,
      );
      assert.ok(saysNamedBy(reason, 'Morgan Reyes'));
      assert.ok(!saysNamedBy(reason, 'Priya Nair'));
    });

    it('is never with the person in question, nor back with who sent it on', async () => {
      await start();

      const about = await stage.open(to(alex));

      assert.deepEqual(askedIn(about), ['Priya Nair']);
      assert.match(passedIn(about)[0] ?? '', /but is the person in question\.$/);
      assert.match(passedIn(about)[1] ?? '', /but said that it is for somebody else to answer\.$/);
    });
  });
});
