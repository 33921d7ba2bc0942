// The security role has more offered; what the person in question says is heard. Neither decides anything.
import assert from 'node:assert/strict';
import type { Case, Decision } from '../../src/case/case.ts';
import type { UserId } from '../../src/case/ids.ts';
import { CASE_STATES, canFollow } from '../../src/case/transitions.ts';
import type { Claim } from '../../src/decide/claim.ts';
import { type ProposeParts, propose, type Wanted } from '../../src/decide/propose.ts';
import { recordStatement, type Stated } from '../../src/decide/record-statement.ts';
import { actor, MANAGER, SECURITY, STRANGER, SUBJECT } from '../helpers/cases.ts';
import { bucket, decided, offerOf, onBothDatabases, refusal } from './desk.ts';

const dismissedBy = (id: string): Decision => ({
  verb: 'dismiss',
  by: { kind: 'person', id, name: 'Morgan Reyes' },
  at: '2026-11-21T09:30:00.000Z',
});
const alerted = [{ source: 'graph', sourceId: 'alert-1', resolved: false }] as const;

onBothDatabases((desk) => {
  const stepsOf = async ({ id }: Case): Promise<readonly string[]> => {
    const [store] = desk().stores;
    const kinds: string[] = [];
    for (;;) {
      const [step] = (await store?.takeSteps(1, 60_000)) ?? [];
      if (!step) return kinds.toSorted();
      if (step.caseId === id) kinds.push(step.kind);
      await store?.transact((tx) => tx.finishStep(step));
    }
  };
  const lastEntry = async ({ id }: Case) => (await desk().stores[0]?.entriesOf(id))?.at(-1);

  describe('a proposal', () => {
    const wanted: Wanted = { action: 'aws.s3.make-bucket-private', target: bucket('contoso-press-kit') };
    const describeAction: ProposeParts['describeAction'] = (action) =>
      action === 'none' ? null : { title: 'Make the bucket private', targetKind: 'bucket' };
    const make = (about: Case, what = wanted, who: UserId = SECURITY): Promise<Claim> =>
      propose(about.id, what, actor(who, 'Yuki Mori'), { ...desk().parts(), describeAction });
    const open = (over: Partial<Case> = {}) => desk().open([offerOf('a.5')], over);

    it('asks the security team anew, with the action among the offers', async () => {
      const about = await open();
      const asked = decided(await make(about));

      assert.equal(asked.state, 'routing');
      assert.equal(asked.toSecurity, 'Yuki Mori proposes: Make the bucket private on contoso-press-kit.');
      assert.deepEqual(
        asked.proposals?.map(({ action, target, by }) => ({ action, target, by: by.id })),
        [{ ...wanted, by: SECURITY }],
      );
      assert.deepEqual(asked.decisions, []);
      assert.deepEqual(await stepsOf(about), ['route']);
      const entry = await lastEntry(about);
      assert.equal(entry?.kind, 'case.proposed');
      assert.equal(
        JSON.stringify(entry.facts).includes('press-kit'),
        false,
        'who and what lie beside the chain',
      );
    });

    it('is taken once for an action and a target, and five times at most', async () => {
      const about = await open();
      decided(await make(about));
      await desk().askAgain(about);
      assert.equal(refusal(await make(about)).code, 'decide.proposed-already');
      for (const name of ['two', 'three', 'four', 'five']) {
        decided(await make(about, { ...wanted, target: bucket(name) }));
        await desk().askAgain(about);
      }

      assert.equal(
        refusal(await make(about, { ...wanted, target: bucket('six') })).code,
        'decide.too-many-proposals',
      );
      assert.equal((await desk().now(about)).proposals?.length, 5);
    });

    it('that turned out not to be possible does not count, and leaves its number to nobody', async () => {
      const about = await open();
      for (const name of ['typo', 'another', 'third', 'fourth', 'fifth', 'sixth']) {
        decided(await make(about, { ...wanted, target: bucket(name) }));
        await desk().askAgain(about, ['proposed-1', 'proposed-2', 'proposed-3', 'proposed-4', 'proposed-5']);
      }

      assert.deepEqual(
        (await desk().now(about)).proposals?.map(({ number, target }) => [number, target]),
        [[6, bucket('sixth')]],
      );
      assert.equal(
        decided(await make(about, { ...wanted, target: bucket('typo') })).proposals?.at(-1)?.number,
        7,
      );
    });

    it('leaves its number to nobody where another is asked again in between', async () => {
      const by = dismissedBy(SECURITY).by;
      const at = '2026-11-21T09:00:00.000Z';
      const proposals = [
        { ...wanted, number: 1, by, at },
        { ...wanted, target: bucket('typo'), number: 2, by, at },
      ];
      const about = await desk().open([{ ...offerOf('a.5'), key: 'proposed-1' }], {
        state: 'undone',
        proposals,
      });
      decided(await make(about));
      await desk().askAgain(about, ['proposed-2']);

      const { proposals: now } = decided(await make(about, { ...wanted, target: bucket('other') }));
      assert.deepEqual(
        now?.map(({ number }) => number),
        [1, 3],
      );
    });

    it('of an earlier question is asked again, without being listed twice', async () => {
      const at = '2026-11-21T09:00:00.000Z';
      const by = dismissedBy(SECURITY).by;
      const about = await open({ state: 'undone', proposals: [{ ...wanted, by, at }] });

      assert.equal(decided(await make(about)).proposals?.length, 1);
    });

    it('opens a case again that was answered: both signatures are given anew, and the alert is in progress', async () => {
      const about = await open({
        state: 'dismissed',
        decisions: [dismissedBy(MANAGER)],
        sources: alerted,
      });
      const asked = decided(await make(about));

      assert.deepEqual([asked.state, asked.decidedBefore], ['routing', 1]);
      assert.deepEqual(await stepsOf(about), ['route', 'write-back']);
    });

    it('is for the security role alone', async () => {
      const about = await open();

      assert.equal(refusal(await make(about, wanted, MANAGER)).code, 'decide.security-only');
      assert.equal(refusal(await make(about, wanted, STRANGER)).code, 'decide.not-asked');
      assert.equal((await lastEntry(about))?.kind, 'decision.refused');
    });

    it('is refused to the subject, to whoever is named, and to the subject of another open case', async () => {
      const about = await open({ named: [SECURITY] });
      assert.equal(refusal(await make(about)).code, 'decide.conflict');
      const { settings: given } = desk();
      desk().settings = { ...given, security: { ...given.security, members: [SECURITY, SUBJECT] } };
      assert.equal(refusal(await make(await open({ named: [] }), wanted, SUBJECT)).code, 'decide.conflict');
      const other = await open({
        subject: { id: SECURITY, name: 'Yuki', userPrincipalName: 'y@contoso.example' },
      });

      assert.equal(refusal(await make(await open())).code, 'decide.under-question');
      assert.deepEqual((await desk().now(other)).proposals, undefined);
    });

    describe('on something of somebody of the security team', () => {
      const target = { kind: 'iam-user', account: '123456789012', name: 'yuki' } as const;
      const own: Wanted = { action: 'aws.iam.detach-deny', target };
      const onUser: ProposeParts['describeAction'] = () => ({ title: 'Let them in', targetKind: 'iam-user' });
      const mapped = (owner: string): void => {
        const { settings: given } = desk();
        const iamUsers = { 'arn:aws:iam::123456789012:user/yuki': owner };
        const security = { ...given.security, members: [SECURITY, MANAGER] };
        desk().settings = { ...given, security, aws: { ...given.aws, iamUsers } };
      };
      const proposeOwn = (about: Case, who: UserId): Promise<Claim> =>
        propose(about.id, own, actor(who), { ...desk().parts(), describeAction: onUser });

      it('is refused to themselves, and the refusal is on record', async () => {
        mapped(SECURITY);
        const about = await open();

        assert.equal(refusal(await proposeOwn(about, SECURITY)).code, 'decide.conflict');
        assert.equal((await desk().now(about)).proposals, undefined);
        assert.deepEqual((await lastEntry(about))?.facts.code, 'decide.conflict');
      });

      it('names them in the case, so that they decide nothing there', async () => {
        mapped(SECURITY);
        const about = await open();
        decided(await proposeOwn(about, MANAGER));
        const asked = await desk().askAgain(about);

        assert.deepEqual(asked.named, [...about.named, SECURITY]);
        assert.equal(refusal(await desk().approve(asked, 'a.5', SECURITY)).code, 'decide.conflict');
      });

      it('names them as the settings do, where that is a principal name', async () => {
        mapped('Yuki.Mori@contoso.example');
        const about = await open();

        assert.deepEqual(decided(await proposeOwn(about, SECURITY)).named, [
          ...about.named,
          'yuki.mori@contoso.example',
        ]);
      });
    });

    it('names an action that there is, on a target of its kind', async () => {
      const about = await open();

      assert.equal(refusal(await make(about, { ...wanted, action: 'none' })).code, 'decide.unknown-action');
      const target = { kind: 'user', id: SUBJECT, label: 'Alex Weber' } as const;
      assert.equal(refusal(await make(about, { ...wanted, target })).code, 'decide.wrong-target');
    });

    for (const state of CASE_STATES)
      it(`is ${canFollow(state, 'proposed') ? 'taken' : 'refused in words'} in a case that is ${state}`, async () => {
        const result = await make(await open({ state }));
        if (canFollow(state, 'proposed')) assert.equal(decided(result).state, 'routing');
        else assert.match(refusal(result).say, /\.$/);
      });
  });

  describe('what the person in question says', () => {
    const say = (about: Case, said: Stated, who: UserId = SUBJECT): Promise<Claim> =>
      recordStatement(about.id, said, actor(who, 'Alex Weber'), desk().parts());
    const asked = { user: SUBJECT, way: 'teams', at: '2026-11-21T09:10:00.000Z' } as const;
    const open = (over: Partial<Case> = {}) => desk().open([offerOf('a.5')], { notices: [asked], ...over });
    const trailOf = async ({ id }: Case) =>
      ((await desk().stores[0]?.entriesOf(id)) ?? []).filter(({ kind }) => kind === 'subject.stated').length;

    it('is on record, and decides nothing', async () => {
      const about = await open();
      const heard = decided(await say(about, { was: 'me', comment: 'A test of mine.' }));

      assert.equal(heard.state, 'asking');
      assert.deepEqual(heard.decisions, []);
      assert.deepEqual(
        heard.statements?.map(({ was, comment, by }) => ({ was, comment, by: by.id })),
        [{ was: 'me', comment: 'A test of mine.', by: SUBJECT }],
      );
      const entry = await lastEntry(about);
      assert.deepEqual([entry?.kind, entry?.facts.was], ['subject.stated', 'me']);
      assert.equal(JSON.stringify(entry?.facts).includes('test of mine'), false);
      assert.deepEqual(await stepsOf(about), []);
    });

    it('is heard from nobody else, whatever their role', async () => {
      const about = await open();
      for (const who of [MANAGER, SECURITY, STRANGER])
        assert.deepEqual(refusal(await say(about, { was: 'not-me' }, who)), {
          code: 'decide.not-subject',
          say: 'This question is with somebody else.',
        });
      assert.equal((await desk().now(about)).statements, undefined);
    });

    it('is heard once they were asked: before that, they are told what any stranger is told', async () => {
      for (const notices of [[], [{ ...asked, user: STRANGER }]]) {
        const about = await open({ notices });
        for (const was of ['me', 'not-me'] as const)
          assert.deepEqual(refusal(await say(about, { was })), {
            code: 'decide.not-subject',
            say: 'This question is with somebody else.',
          });
        assert.equal((await desk().now(about)).version, about.version);
      }
      const closed = await open({ state: 'closed', notices: [] });
      assert.equal(refusal(await say(closed, { was: 'me' })).code, 'decide.not-subject');
    });

    it('changes nothing when it was said before: no new card is drawn for it', async () => {
      const about = await open();
      const heard = decided(await say(about, { was: 'me', comment: 'A test.' }));
      for (const same of [{ was: 'me' }, { was: 'me', comment: 'A test.' }] as const)
        assert.equal(decided(await say(about, same)).version, heard.version);

      assert.equal(await trailOf(about), 1);
      assert.equal(decided(await say(about, { was: 'me', comment: 'Another.' })).version, heard.version + 1);
      assert.equal(decided(await say(about, { was: 'not-me' })).version, heard.version + 2);
    });

    it('is shown five times; what comes after that is in the trail alone, but for the first "not me"', async () => {
      const about = await open();
      for (let turn = 1; turn <= 7; turn++) decided(await say(about, { was: 'me', comment: `${turn}` }));
      const five = await desk().now(about);
      assert.deepEqual(
        five.statements?.map((one) => one.comment),
        ['1', '2', '3', '4', '5'],
      );
      assert.equal(await trailOf(about), 7);

      const owner = decided(await say(about, { was: 'not-me' }));
      assert.equal(owner.statements?.at(-1)?.was, 'not-me');
      for (const was of ['me', 'not-me'] as const) decided(await say(about, { was, comment: 'and again' }));
      assert.equal((await desk().now(about)).version, owner.version);
    });

    it('opens a case again once: whoever said after that that it was expected knew it', async () => {
      const about = await open({ state: 'dismissed', decisions: [dismissedBy(MANAGER)], sources: alerted });
      assert.equal(decided(await say(about, { was: 'not-me' })).state, 'routing');
      await desk().askAgain(about);
      decided(await desk().answer(about, { verb: 'dismiss' }, SECURITY));

      for (const said of [{ was: 'not-me' }, { was: 'me' }, { was: 'not-me', comment: 'Really.' }] as const)
        assert.equal(decided(await say(about, said)).state, 'dismissed');
    });

    it('opens a case again that was said to be expected, when it was not them', async () => {
      const over = { state: 'dismissed', decisions: [dismissedBy(MANAGER)], sources: alerted } as const;
      const about = await open(over);
      const reopened = decided(await say(about, { was: 'not-me' }));

      assert.equal(reopened.state, 'routing');
      assert.match(reopened.toSecurity ?? '', /^Alex Weber .* says that it was not them/);
      assert.equal(reopened.decidedBefore, 1);
      assert.deepEqual(await stepsOf(about), ['route', 'write-back']);
      assert.equal(decided(await say(await open(over), { was: 'me' })).state, 'dismissed');
    });

    it('is shown to the security team where something was done, and wherever it was not them', async () => {
      for (const [state, was, steps] of [
        ['contained', 'me', ['tell']],
        ['contained', 'not-me', ['tell']],
        ['asking', 'not-me', ['tell']],
        ['executing', 'not-me', ['tell']],
        ['asking', 'me', []],
      ] as const) {
        const about = await open({ state });
        assert.equal(decided(await say(about, { was })).state, state);
        assert.deepEqual(await stepsOf(about), steps, `${state}, ${was}`);
      }
    });

    it('comes too late for a case that is closed, and whoever it was is told whom to call', async () => {
      const about = await open({ state: 'closed' });

      assert.match(refusal(await say(about, { was: 'not-me' })).say, /call your security team/);
    });
  });
});
