// Who is asked besides, when nobody answers; and when a destructive answer takes two.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { Approver, PlannedOffer, Question } from '../../src/case/question.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import { nextToAsk } from '../../src/route/next-to-ask.ts';
import { people } from '../../src/sandbox/people.ts';
import { type AskingStage, askedIn, createAskingStage, nameOf } from '../helpers/asking-stage.ts';
import { settings as usual } from '../helpers/cases.ts';
import { allEnglish, english } from '../helpers/english.ts';

const { alex, morgan, priya, dana, yuki, ravi } = people;
const asPerson = (person: typeof alex): Approver => ({
  kind: 'person',
  id: person.id,
  name: person.displayName,
});

describe('The next one to ask', () => {
  let stage: AskingStage;
  beforeEach(async () => {
    stage = await createAskingStage();
  });
  afterEach(() => stage.close());
  const asked = (about: Case, ...beside: readonly Approver[]): Case => ({
    ...about,
    question: { ...(about.question as Question), beside },
  });

  it('is the next level, with why it is they', async () => {
    const next = await nextToAsk(await stage.open(), stage.routing);

    assert.deepEqual(next?.approver, { ...asPerson(priya), as: 'manager' });
    assert.equal(english(next?.reason ?? ''), 'Priya Nair is 2 levels above Alex Weber.');
    assert.deepEqual(next?.rungs, [
      { name: 'Priya Nair', id: priya.id, outcome: 'asked', reason: next?.reason },
    ]);
  });

  it('is never somebody who cannot be asked by now, and what was said before is not said again', async () => {
    stage.away(morgan, null);
    const about = await stage.open();
    stage.notInstallable.add(dana.id);

    const next = await nextToAsk(about, stage.routing);

    assert.equal(nameOf(next?.approver), 'security');
    assert.deepEqual(allEnglish((next?.rungs ?? []).map(({ reason }) => reason)), [
      'Dana Holt is 3 levels above Alex Weber but cannot be reached in Teams.',
      'Nobody else can be asked, so the security team is asked as well.',
    ]);
    assert.deepEqual(
      next?.steps.map(({ kind, key }) => [kind, key]),
      [['tell-admin', dana.id]],
    );
  });

  it('is the security team where everybody above is asked, and nobody once they are', async () => {
    const about = await stage.open();
    const all = asked(about, asPerson(priya), asPerson(dana));

    assert.equal(nameOf((await nextToAsk(all, stage.routing))?.approver), 'security');
    assert.equal(await nextToAsk(asked(about, { kind: 'security' }), stage.routing), null);
    assert.equal(await nextToAsk(await stage.open({ toSecurity: 'Handed over.' }), stage.routing), null);
  });

  it('is whoever is on call and not asked yet, where the security team has it', async () => {
    await stage.close();
    const [first, second] = [yuki.id, ravi.id];
    stage = await createAskingStage({
      security: { ...usual.security, members: [first, second], onCall: [first, second] },
    });
    const about = await stage.open({ toSecurity: 'Handed over.' });

    const next = await nextToAsk(about, stage.routing);

    assert.deepEqual(askedIn(about), ['security', 'Yuki Mori']);
    assert.deepEqual(next?.approver, { ...asPerson(ravi), as: 'on-call' });
    const { approver } = next ?? assert.fail();
    assert.equal(await nextToAsk(asked(about, asPerson(yuki), approver), stage.routing), null);
  });

  it('is never a delegate who is asked already', async () => {
    const about = await stage.open();
    await stage.delegate(priya, dana, '2026-12-24T00:00:00.000Z');

    const next = await nextToAsk(asked(about, asPerson(dana)), stage.routing);

    assert.equal(nameOf(next?.approver), 'security');
  });

  it('waits for a look-up that may still work, and does without it in the end', async () => {
    const about = await stage.open();
    Object.assign(stage.routing.directory, {
      managerOf: async () => {
        throw new CountersignError('graph.unavailable', 'no', { retryable: true });
      },
    });

    await assert.rejects(nextToAsk(about, stage.routing), { code: 'graph.unavailable' });
    assert.equal(nameOf((await nextToAsk(about, stage.routing, true))?.approver), 'security');
  });
});

describe('A destructive answer', () => {
  let stage: AskingStage;
  afterEach(() => stage.close());
  const SALES = people.alex.memberOf.map(({ id }) => id).at(-1) ?? '';
  const offer = (nature?: 'informs' | 'lets-in'): PlannedOffer => ({
    ...{ key: 'suspend', label: 'Suspend', left: [] },
    actions: [
      {
        ...{ action: 'entra.user.suspend', title: 'Suspend', says: [], ...(nature && { nature }) },
        target: { kind: 'user', id: alex.id, label: 'Alex Weber' },
        undo: { possible: true, says: 'Undo lets them in.' },
      },
    ],
  });
  const why = async (
    quorum: Partial<OperatorSettings['asking']['quorum']>,
    offers: readonly PlannedOffer[] = [offer()],
    set: () => void = () => {},
  ): Promise<string | undefined> => {
    stage = await createAskingStage({
      asking: { ...usual.asking, quorum: { ...usual.asking.quorum, ...quorum } },
    });
    set();
    Object.assign(stage.routing, { plan: async () => ({ offers, withheld: [] }) });
    const { twoPeople } = (await stage.open()).question ?? {};
    return twoPeople && english(twoPeople);
  };
  const admin = (id: string) => () => void stage.world.state.administrators.add(id);

  for (const [what, quorum, offers, set, expected] of [
    [
      'is about an executive',
      { executives: [alex.id] },
      [offer()],
      () => {},
      'Alex Weber is on the list of executives.',
    ],
    [
      'is about one of a group of executives',
      { executives: [SALES] },
      [offer()],
      () => {},
      'Alex Weber is on the list of executives.',
    ],
    ['is about an administrator', {}, [offer()], admin(alex.id), 'Alex Weber is an administrator.'],
  ] as const)
    it(`takes two people where it ${what}`, async () =>
      assert.equal(await why(quorum, offers, set), expected));

  for (const [what, quorum, offers, set] of [
    ['is about nobody like that', { executives: [yuki.id] }, [offer()], () => {}],
    [
      'is about an administrator, and the settings let one decide',
      { administrators: false },
      [offer()],
      admin(alex.id),
    ],
    ['only informs, or lets in', { executives: [alex.id] }, [offer('informs'), offer('lets-in')], () => {}],
    ['is not offered', { executives: [alex.id] }, [], () => {}],
  ] as const)
    it(`takes one where it ${what}`, async () => assert.equal(await why(quorum, offers, set), undefined));

  it('takes two where it would change something for an administrator other than the person in question', async () => {
    const other = offer();
    const target = { kind: 'user' as const, id: ravi.id, label: 'Ravi' };
    const offers = [{ ...other, actions: other.actions.map((one) => ({ ...one, target })) }];

    assert.equal(
      await why({}, offers, admin(ravi.id)),
      'Somebody whom it would change something for is an administrator.',
    );
  });

  it('takes two where nobody may look up whether they are one', async () => {
    const forbid = () =>
      Object.assign(stage.routing.directory, {
        isAdministrator: async () => {
          throw new CountersignError('graph.forbidden', 'no');
        },
      });

    await assert.rejects(why({}, [offer()], forbid), { code: 'graph.forbidden' });
    const { routeCase } = await import('../../src/route/route-case.ts');
    const step = stage.steps[0] ?? assert.fail();
    await routeCase({ ...step, attempts: 7 }, stage.routing);

    const about = await stage.store.readCase(step.caseId);
    assert.equal(
      english(about?.question?.twoPeople ?? ''),
      'It cannot be looked up whether Alex Weber is an administrator.',
    );
  });
});
