// The security role has more offered; what the person in question says is heard. Neither decides anything.
import assert from 'node:assert/strict';
import type { Case, Decision } from '../../src/case/case.ts';
import type { UserId } from '../../src/case/ids.ts';
import { CASE_STATES, canFollow } from '../../src/case/transitions.ts';
import type { Claim } from '../../src/decide/claim.ts';
import { type ProposeParts, propose, type Wanted } from '../../src/decide/propose.ts';
import { recordStatement, type Said } from '../../src/decide/record-statement.ts';
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
    const say = (about: Case, said: Said, who: UserId = SUBJECT): Promise<Claim> =>
      recordStatement(about.id, said, actor(who, 'Alex Weber'), desk().parts());
    const open = (over: Partial<Case> = {}) => desk().open([offerOf('a.5')], over);

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

    it('is kept five times, the latest', async () => {
      const about = await open();
      for (let turn = 1; turn <= 7; turn++) decided(await say(about, { was: 'me', comment: `${turn}` }));

      const { statements } = await desk().now(about);
      assert.deepEqual(
        statements?.map((one) => one.comment),
        ['3', '4', '5', '6', '7'],
      );
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
