// What shuts somebody out can take a fresh sign-in of whoever decides it: of them alone, no older than the settings say.
import assert from 'node:assert/strict';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { RunId, UserId } from '../../src/case/ids.ts';
import type { PlannedOffer } from '../../src/case/question.ts';
import type { Answer } from '../../src/ports/answer.ts';
import { aCase, MANAGER, SECURITY, STRANGER } from '../helpers/cases.ts';
import { type Desk, decided, offerOf, onBothDatabases, refusal, START } from './desk.ts';

const MINUTE_MS = 60_000;
const PAGE = 'https://countersign.contoso.example/sign-in';
const WITH_PAGE = { signInPage: PAGE };
const SIGN_IN_FIRST = 'decide.sign-in-first';

const SHUTS_OUT = offerOf('test.shut-out.9');
const ASKS = withNature(offerOf('test.ask.0'), 'informs');
const LETS_IN = withNature(offerOf('test.let-in.5'), 'lets-in');

function withNature(offer: PlannedOffer, nature: 'informs' | 'lets-in'): PlannedOffer {
  return { ...offer, actions: offer.actions.map((action) => ({ ...action, nature })) };
}

const policy: Case['policy'] = { ...aCase().policy, asking: { ...DEFAULT_ASKING, freshSignIn: true } };

describe('a fresh sign-in of whoever decides', () => {
  onBothDatabases((desk) => {
    const open = (over: Partial<Case> = {}): Promise<Case> =>
      desk().open([SHUTS_OUT, ASKS, LETS_IN], { policy, ...over });
    const signIn = (who: UserId, agoMs = 0): Promise<void> =>
      (desk().stores[0] ?? assert.fail()).transact((tx) =>
        tx.signIns.save(who, new Date(desk().time - agoMs).toISOString()),
      );
    const approve = (about: Case, who = MANAGER, over: Parameters<Desk['parts']>[0] = WITH_PAGE) =>
      desk().approve(about, 'test.shut-out.9', who, over);
    const entries = async (about: Case) => {
      const found = [];
      for await (const entry of (desk().stores[0] ?? assert.fail()).entries())
        if (entry.caseId === about.id) found.push(entry);
      return found;
    };

    it('refuses whoever has not signed in, says where, changes nothing and leaves word in the trail', async () => {
      const about = await open();

      const result = await approve(about);

      assert.equal(refusal(result).code, SIGN_IN_FIRST);
      assert.match(
        refusal(result).say,
        /no older than 10 minutes\. Sign in again, then choose it once more\./,
      );
      assert.equal(result.kind === 'refused' && result.signInUrl, `${PAGE}?for=${about.ref}`);
      assert.deepEqual(await desk().now(about), about);
      const refused = (await entries(about)).filter(({ kind }) => kind === 'decision.refused');
      assert.deepEqual(
        refused.map(({ facts }) => facts),
        [{ code: SIGN_IN_FIRST, verb: 'approve' }],
      );
    });

    it('lets them decide once they have, and the trail says by which sign-in', async () => {
      const about = await open();
      await signIn(MANAGER, MINUTE_MS);

      const result = await approve(about);

      assert.equal(decided(result).state, 'executing');
      const decision = (await entries(about)).find(({ kind }) => kind === 'decision.approve');
      assert.partialDeepStrictEqual(decision?.facts, {
        signedInAt: new Date(START - MINUTE_MS).toISOString(),
      });
    });

    it('holds until the very end of its time, and not after it', async () => {
      const [inTime, tooLate] = [await open(), await open()];
      await signIn(MANAGER);

      desk().time += 10 * MINUTE_MS;
      decided(await approve(inTime));
      desk().time += 1;
      assert.equal(refusal(await approve(tooLate)).code, SIGN_IN_FIRST);
    });

    it('is as old as the settings allow', async () => {
      const { settings } = desk();
      desk().settings = { ...settings, asking: { ...settings.asking, freshSignInMs: MINUTE_MS } };
      const about = await open();
      await signIn(MANAGER, MINUTE_MS + 1);

      assert.match(refusal(await approve(about)).say, /no older than 1 minute\./);
    });

    it('takes a clock that is a little behind, and nothing that lies further ahead', async () => {
      const [near, far] = [await open(), await open()];

      await signIn(MANAGER, -MINUTE_MS);
      decided(await approve(near));
      await signIn(MANAGER, -3 * MINUTE_MS);
      assert.equal(refusal(await approve(far)).code, SIGN_IN_FIRST);
    });

    it('is of the one who answers: nobody else’s helps', async () => {
      const about = await open();
      await signIn(SECURITY);
      await signIn(STRANGER);

      assert.equal(refusal(await approve(about, MANAGER)).code, SIGN_IN_FIRST);
      decided(await approve(about, SECURITY));
    });

    it('takes one of each of two people who have to agree', async () => {
      const about = await open();
      const letIn = (who: UserId) => desk().approve(about, 'test.let-in.5', who, WITH_PAGE);
      await signIn(MANAGER);

      const first = decided(await letIn(MANAGER));
      assert.ok(first.decisions[0]?.awaits);
      if (first.state === 'routing') await desk().askAgain(about);
      assert.equal(refusal(await letIn(SECURITY)).code, SIGN_IN_FIRST);
      await signIn(SECURITY);
      decided(await letIn(SECURITY));
    });

    it('still holds after a restart', async () => {
      const about = await open();
      await signIn(MANAGER);

      await desk().restart();

      decided(await approve(about));
    });

    it('tells nobody who may not decide that there is anything to sign in for', async () => {
      const about = await open();

      assert.equal(refusal(await approve(about, STRANGER)).code, 'decide.not-asked');
    });

    it('refuses everybody where there is no page to sign in at, sends them nowhere, and says whom to ask', async () => {
      const about = await open();

      const result = await approve(about, MANAGER, {});

      assert.equal(refusal(result).code, SIGN_IN_FIRST);
      assert.match(refusal(result).say, /no page for that is set up/);
      assert.equal(result.kind === 'refused' && result.signInUrl, undefined);
    });

    const contained = { containedFirst: { decision: 0, at: '2026-11-21T09:00:00.000Z' } };
    const lettingIn: readonly (readonly [string, Partial<Answer>, Partial<Case>])[] = [
      ['undoing what was done', { verb: 'undo' }, { state: 'contained' }],
      [
        'undoing it over what was changed since',
        { verb: 'undo', anyway: true },
        { state: 'contained', undoConflicts: [{ run: 'run-1' as RunId, over: 'digest', says: [] }] },
      ],
      ['"expected" where something was contained first', { verb: 'dismiss' }, contained],
    ];
    for (const [what, answer, over] of lettingIn)
      it(`is asked for ${what}`, async () => {
        const about = await open(over);

        const refused = await desk().answer(about, answer, SECURITY, WITH_PAGE);
        assert.equal(refusal(refused).code, SIGN_IN_FIRST);
        await signIn(SECURITY);

        const after = await desk().answer(about, answer, SECURITY, WITH_PAGE);
        assert.notEqual(after.kind === 'refused' && after.code, SIGN_IN_FIRST);
      });

    const free: readonly (readonly [string, Partial<Answer>, Partial<Case>])[] = [
      ['what only asks the person', { offer: 'test.ask.0' }, {}],
      ['saying that it was expected', { verb: 'dismiss' }, {}],
      ['leaving what was contained first as it is', { verb: 'keep' }, contained],
      ['handing it to the security team', { verb: 'escalate' }, {}],
      [
        'anything where the policy does not demand it',
        { offer: 'test.shut-out.9' },
        { policy: aCase().policy },
      ],
    ];
    for (const [what, answer, over] of free)
      it(`asks no sign-in for ${what}`, async () => {
        const about = await open(over);

        decided(await desk().answer(about, answer, MANAGER, WITH_PAGE));
      });
  });
});
