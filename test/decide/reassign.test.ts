// "Not mine to say": who may hand a question on, and to whom it never goes.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { CopyId, UserId } from '../../src/case/ids.ts';
import type { DirectoryUser } from '../../src/ports/directory.ts';
import { aCase, MANAGER, SECURITY, STRANGER, SUBJECT } from '../helpers/cases.ts';
import { decided, offerOf, onBothDatabases, refusal } from './desk.ts';

const PRIYA = '00000000-0000-4000-8000-0000000000f1' as UserId;
const OTHER = '00000000-0000-4000-8000-0000000000f2' as UserId;
const user = (id: UserId, over: Partial<DirectoryUser> = {}): DirectoryUser => ({
  ...{ id, displayName: 'Priya Nair', userPrincipalName: `${id}@contoso.example` },
  ...{ enabled: true, guest: false, synced: false },
  ...over,
});

describe('handing a question on', () => {
  onBothDatabases((desk) => {
    const open = (over: Partial<Case> = {}): Promise<Case> => desk().open([offerOf('a.5')], over);
    const hand = (
      about: Case,
      found: DirectoryUser | readonly DirectoryUser[] | null,
      who = MANAGER,
      to = 'priya',
    ) => desk().answer(about, { verb: 'reassign', to }, who, { findPerson: async () => found });

    it('asks the other one anew, says who said so, and shows it to the security team', async () => {
      const about = await open();

      const handed = decided(await hand(about, user(PRIYA)));

      assert.equal(handed.state, 'routing');
      assert.deepEqual(
        handed.reassigned?.map(({ to, by }) => [to, by.id]),
        [[{ id: PRIYA, name: 'Priya Nair' }, MANAGER]],
      );
      assert.deepEqual(handed.decisions.at(-1)?.to, { id: PRIYA, name: 'Priya Nair' });
      const [store] = desk().stores;
      const kinds = new Set<string>();
      for (;;) {
        const [step] = (await store?.takeSteps(1, 60_000)) ?? [];
        if (!step || !store) break;
        kinds.add(step.kind);
        await store.transact((tx) => tx.finishStep(step));
      }
      assert.deepEqual(kinds, new Set(['route', 'tell']));
    });

    it('takes the only one whom a name fits', async () => {
      assert.equal(decided(await hand(await open(), [user(PRIYA)])).state, 'routing');
    });

    it('is for the security team as well, and for nobody who was not asked', async () => {
      assert.equal(decided(await hand(await open(), user(PRIYA), SECURITY)).state, 'routing');
      assert.equal(refusal(await hand(await open(), user(PRIYA), STRANGER)).code, 'decide.not-asked');
      assert.equal(refusal(await hand(await open(), user(PRIYA), SUBJECT)).code, 'decide.conflict');
    });

    it('looks nobody up for whoever was not asked', async () => {
      const never = { findPerson: () => assert.fail('looked up'), isAtRisk: () => assert.fail('looked up') };
      const answer = { verb: 'reassign', to: 'priya' } as const;

      const refused = await desk().answer(await open(), answer, STRANGER, never);

      assert.equal(refusal(refused).code, 'decide.not-asked');
    });

    const refusals: Readonly<
      Record<string, readonly [over: Partial<Case>, found: DirectoryUser, why: RegExp]>
    > = {
      'to themselves': [{}, user(MANAGER), /is you/],
      'to the person in question': [{}, user(SUBJECT), /is the person in question/],
      'to the person in question by principal name alone': [
        { subject: null, hint: { kind: 'entra', id: `${PRIYA}@contoso.example` } },
        user(PRIYA),
        /is the person in question/,
      ],
      'to somebody whose account is disabled': [{}, user(PRIYA, { enabled: false }), /disabled/],
      'to a guest': [{}, user(PRIYA, { guest: true }), /is a guest/],
      'to somebody named in the alert': [{ named: [SUBJECT, PRIYA] }, user(PRIYA), /named in the alert/],
      'to somebody named in the alert by address': [
        { mentioned: [`${PRIYA}@contoso.example`] },
        user(PRIYA),
        /named in the alert/,
      ],
      'to somebody at stake': [
        { callers: [{ kind: 'user', id: PRIYA, label: 'Priya' }] },
        user(PRIYA),
        /something of their own/,
      ],
      'to somebody who was asked before': [
        {
          reassigned: [
            {
              to: { id: PRIYA, name: 'P' },
              by: { kind: 'person', id: OTHER, name: 'O' },
              at: '2026-11-21T09:00:00.000Z',
            },
          ],
        },
        user(PRIYA),
        /asked about this already/,
      ],
      'back to whoever handed it on': [
        {
          reassigned: [
            {
              to: { id: PRIYA, name: 'P' },
              by: { kind: 'person', id: OTHER, name: 'O' },
              at: '2026-11-21T09:00:00.000Z',
            },
          ],
        },
        user(OTHER),
        /asked about this already/,
      ],
      'to somebody who has answered': [
        {
          decisions: [
            {
              verb: 'dismiss',
              by: { kind: 'person', id: PRIYA, name: 'P' },
              at: '2026-11-21T09:00:00.000Z',
              awaits: 'x',
            },
          ],
        },
        user(PRIYA),
        /asked about this already/,
      ],
      'to a member of the security team who can answer already': [
        {
          question: {
            ...(aCase().question ?? assert.fail()),
            beside: [{ kind: 'security' }],
          },
        },
        user(SECURITY),
        /can answer already/,
      ],
    };
    for (const [whom, [over, found, why]] of Object.entries(refusals))
      it(`is refused ${whom}, and changes nothing`, async () => {
        const about = await desk().open([offerOf('a.5')], over);

        const refused = refusal(await hand(about, found));

        assert.equal(refused.code, 'decide.not-to-them');
        assert.match(refused.say, why);
        assert.deepEqual((await desk().now(about)).decisions, about.decisions);
      });

    it('is refused to somebody under question, without saying that they are', async () => {
      const about = await open();
      await desk().open([offerOf('b.5')], {
        subject: { id: PRIYA, name: 'Priya Nair', userPrincipalName: 'priya@contoso.example' },
      });

      const { say } = refusal(await hand(about, user(PRIYA)));

      assert.equal(say, 'Priya Nair cannot be asked about this now. Name somebody else.');
    });

    it('is refused to somebody who has a card of the case already', async () => {
      const about = await open();
      await desk().stores[0]?.transact((tx) =>
        tx.saveCopy({
          ...{ id: 'copy-1' as CopyId, caseId: about.id, reader: PRIYA, activityId: '1', shownVersion: 1 },
          questionId: about.question?.id ?? assert.fail(),
          conversation: { id: 'chat', serviceUrl: 'https://teams.example' },
        }),
      );

      assert.match(refusal(await hand(about, user(PRIYA))).say, /asked about this already/);
    });

    it('says whom a name could mean, and that nobody is called that', async () => {
      const about = await open();

      const several = refusal(await hand(about, [user(PRIYA), user(OTHER, { displayName: 'Priya Novak' })]));
      assert.equal(several.code, 'decide.several');
      assert.match(several.say, /Priya Nair \(.*\), Priya Novak \(.*\)\. Write the address/);
      for (const found of [null, []]) assert.equal(refusal(await hand(about, found)).code, 'decide.nobody');
    });

    it('asks for a name where none was given, and looks nobody up', async () => {
      const never = { findPerson: () => assert.fail('looked up') };
      for (const named of [{ to: '' }, { to: ' ' }, {}]) {
        const refused = refusal(
          await desk().answer(await open(), { verb: 'reassign', ...named }, MANAGER, never),
        );
        assert.deepEqual(refused, { code: 'decide.nobody-named', say: 'Please choose a person.' });
      }
    });

    it('is refused in words while the directory cannot be asked', async () => {
      const down = new CountersignError('graph.throttled', 'too many', { retryable: true });
      const answer = { verb: 'reassign', to: 'priya' } as const;
      for (const findPerson of [() => Promise.reject(down), () => new Promise<never>(() => {})]) {
        const late = await desk().answer(await open(), answer, MANAGER, { findPerson, lookUpMs: 1 });
        assert.equal(refusal(late).code, 'decide.cannot-look-up');
      }
    });

    it('brings it back from the security team, but not where the question is for them alone', async () => {
      const handed = decided(await hand(await open({ toSecurity: 'A reason.' }), user(PRIYA), SECURITY));
      assert.equal(handed.toSecurity, null);

      const { policy } = aCase();
      const alone = await open({ policy: { ...policy, securityOnly: true } });
      assert.equal(refusal(await hand(alone, user(PRIYA), SECURITY)).code, 'decide.security-alone');
      const { settings } = desk();
      const bounds = { ...settings.detection.bounds, ask: ['security'] as const };
      desk().settings = { ...settings, detection: { ...settings.detection, bounds } };
      assert.equal(refusal(await hand(await open(), user(PRIYA), SECURITY)).code, 'decide.security-alone');
    });

    it('comes to an end after three', async () => {
      const passed = (id: UserId) => ({
        ...{ to: { id, name: id }, by: { kind: 'person' as const, id: OTHER, name: 'O' } },
        at: '2026-11-21T09:00:00.000Z',
      });
      const about = await open({ reassigned: [STRANGER, SECURITY, MANAGER].map(passed) });

      assert.equal(refusal(await hand(about, user(PRIYA))).code, 'decide.passed-on-too-often');
    });

    it('lets one of two go on who hand it on at once', async () => {
      const about = await open();

      const both = await Promise.all([
        hand(about, user(PRIYA)),
        hand(about, user(OTHER, { displayName: 'Olu' }), SECURITY),
      ]);

      assert.deepEqual(both.map(({ kind }) => kind).toSorted(), ['decided', 'refused']);
      assert.equal((await desk().now(about)).reassigned?.length, 1);
    });
  });
});
