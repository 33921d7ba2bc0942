// What an answer "expected until" leaves behind, who ends it, and what ends it by itself.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import type { Exception } from '../../src/case/exception.ts';
import { listExceptions, revokeException } from '../../src/decide/exceptions.ts';
import { recordStatement } from '../../src/decide/record-statement.ts';
import { actor, MANAGER, SECURITY, STRANGER, SUBJECT } from '../helpers/cases.ts';
import { inLanguage } from '../helpers/english.ts';
import { type Desk, decided, inEnglish, offerOf, onBothDatabases } from './desk.ts';

const FRIDAY = '2026-11-27T17:00:00.000Z';
const OFFER = offerOf('made.up.5');

describe('what is expected until a date', () => {
  onBothDatabases((desk) => {
    const now = () => new Date(desk().time).toISOString();
    const inForce = async (): Promise<readonly Exception[]> =>
      (desk().stores[0] ?? assert.fail()).exceptionsInForce(now());
    const caseIds = async () => (await inForce()).map(({ caseId }) => caseId);
    async function expect(over: Partial<Case> = {}): Promise<Case> {
      const about = await desk().open([OFFER], { deeds: [{ key: 'the deed', says: '' }], ...over });
      return decided(await desk().answer(about, { verb: 'dismiss', until: FRIDAY }));
    }
    const chat = (who: Parameters<Desk['approve']>[2] = MANAGER) =>
      [actor(who, `person ${who?.slice(-1)}`), { ...desk().parts(), ...inEnglish }] as const;
    const list = async (who = MANAGER): Promise<string> => textOf(await listExceptions(...chat(who)));
    const revoke = async (id: string, who = MANAGER): Promise<string> =>
      textOf(await revokeException(id, ...chat(who)));
    const textOf = (reply: Awaited<ReturnType<typeof listExceptions>>): string =>
      reply.kind === 'text' ? reply.text : assert.fail(reply.kind);
    const theId = async (): Promise<string> => (await inForce())[0]?.id ?? assert.fail('none');

    it('is what the question showed, by every name of the person', async () => {
      const about = await expect({ related: [relatedTo('m365-mass-download')], severity: 'low' });

      const [one] = await inForce();
      assert.deepEqual(
        [one?.policies, one?.subjects, one?.targets, one?.deeds, one?.upTo, one?.caseId, one?.until],
        [
          ['aws-s3-bucket-public', 'm365-mass-download'],
          [SUBJECT, 'alex.weber@contoso.example'],
          ['bucket:123456789012:invoices'],
          ['the deed'],
          'low',
          about.id,
          FRIDAY,
        ],
      );
      assert.match(about.outcome.join(), new RegExp(`Revoke it with: revoke ${one?.id}\\.`));
    });

    it('goes with the claim: nothing is expected where the answer was refused', async () => {
      const about = await desk().open([OFFER]);

      const answers = await Promise.all(
        [MANAGER, MANAGER, SECURITY].map((who) =>
          desk().answer(about, { verb: 'dismiss', until: FRIDAY }, who),
        ),
      );

      assert.equal(answers.filter(({ kind }) => kind === 'decided').length, 1);
      assert.equal((await inForce()).length, 1);
    });

    it('is nothing while one of two has said so', async () => {
      const about = await desk().open([OFFER], { severity: 'high' });
      await desk().answer(about, { verb: 'dismiss', until: FRIDAY });

      assert.deepEqual(await inForce(), []);
    });

    it('ends when whoever it is about is shut out, in whichever case', async () => {
      await expect();
      const other = await desk().open([OFFER]);

      await desk().approve(other, OFFER.key);

      assert.deepEqual(await inForce(), []);
    });

    it('stands while they are only asked something, and while others are shut out', async () => {
      const kept = await expect();
      const informs = {
        ...OFFER,
        actions: OFFER.actions.map((one) => ({ ...one, nature: 'informs' as const })),
      };
      await desk().approve(await desk().open([informs]), OFFER.key);
      const somebody = { id: STRANGER, name: 'Sam', userPrincipalName: 'sam.okafor@contoso.example' };
      const theirs = { subject: somebody, named: [STRANGER], hint: { kind: 'entra', id: STRANGER } } as const;
      await desk().approve(await desk().open([offerOf('made.up.6 payroll')], theirs), 'made.up.6');

      assert.deepEqual(await caseIds(), [kept.id]);
    });

    it('ends when they say that it was not them', async () => {
      const about = await expect({ notices: [{ user: SUBJECT, way: 'teams', at: now() }] });
      await expect();

      await recordStatement(about.id, { was: 'not-me' }, actor(SUBJECT), desk().parts());

      assert.deepEqual(await inForce(), []);
    });

    it('ends with its own answer alone when that is taken back', async () => {
      const [first, second] = [await expect(), await expect()];
      await desk().answer(first, { verb: 'correct' });

      assert.deepEqual(await caseIds(), [second.id]);
    });

    it('is revoked by whoever said so and by the security team, once, and the case says so', async () => {
      const about = await expect();
      const id = await theId();

      assert.match(await revoke(id.toLowerCase(), SECURITY), /^Revoked\./);
      assert.match(await revoke(id), /^Nothing was done\. .* revoked it already/);

      const after = await desk().now(about);
      assert.deepEqual([after.state, after.unexpectedSince], ['dismissed', now()]);
      assert.doesNotMatch(after.outcome.join(), /asks nobody until then/);
    });

    it('is read in the language of whoever looks at the card', async () => {
      const about = await desk().open([OFFER], { deeds: [{ key: 'the deed', says: '' }] });
      await desk().answer(about, { verb: 'dismiss', until: FRIDAY });

      const [line = ''] = (await desk().stores[0]?.readCase(about.id))?.outcome ?? [];

      const id = await theId();
      assert.equal(
        inLanguage('de', line),
        `Erwartet bis 27. Nov. 2026, 18:00:00 MEZ: „${about.title}“ von Alex Weber (Ziel: invoices). Bis dahin wird niemand gefragt. Widerrufen mit: revoke ${id}.`,
      );
    });

    it('is listed with what, of which policy and case, everybody who said so, and until when', async () => {
      const about = await desk().open([OFFER], { severity: 'high', deeds: [{ key: 'the deed', says: '' }] });
      await desk().answer(about, { verb: 'dismiss', until: FRIDAY, comment: 'first' }, MANAGER);
      const current = await desk().askAgain(await desk().now(about));
      decided(
        await desk().answer(current, { verb: 'dismiss', until: FRIDAY, comment: 'it is moved' }, SECURITY),
      );
      const { title, policy, ref } = about;
      const what = `“${title}” by Alex Weber on invoices (${policy.title}, case ${ref})`;

      const line = (await list()).split('\n').find((one) => one.startsWith('- ')) ?? '';

      assert.equal(
        line.replace(/^- \S+ /, ''),
        `${what}, said by ${MANAGER} and ${SECURITY} (“it is moved”), until 27 Nov 2026, 18:00:00 CET. Held back so far: 0.`,
      );
    });

    it('shows in the list what the card shows to the same reader, whatever the case asks about since', async () => {
      const key = 'board/layoffs-2027.xlsx';
      const object = {
        kind: 'object',
        account: '123456789012',
        region: 'eu-central-1',
        bucket: 'invoices',
        key,
      } as const;
      const about = await desk().open([OFFER], { targets: [object], deeds: [{ key: 'the deed', says: '' }] });
      const comment = 'as layoffs-2027.xlsx is read by the board';
      decided(await desk().answer(about, { verb: 'dismiss', until: FRIDAY, comment }));
      const { store } = { store: desk().stores[0] ?? assert.fail() };
      await store.transact(async (tx) => {
        const current = (await tx.lockCase(about.id)) ?? assert.fail();
        await tx.saveCase({ ...current, version: current.version + 1, targets: [] });
      });
      assert.match(await list(), /layoffs-2027.*layoffs-2027/);

      desk().settings = {
        ...desk().settings,
        visibility: { files: false, addresses: false, people: false, policies: {} },
      };

      assert.doesNotMatch(await list(), /layoffs/);
      assert.match(await list(SECURITY), /layoffs-2027.*layoffs-2027/);
    });

    it('counts of each policy only what that one counted', async () => {
      const related = [relatedTo('secrets-read')];
      const before = await expect({ related, mostCounted: 500 });
      const now = await expect({ related, mostCounted: 500, countedBy: { 'secrets-read': 7 } });
      const ofCase = async ({ id }: Case) =>
        (await inForce()).find(({ caseId }) => caseId === id)?.countedBy ?? assert.fail();

      assert.deepEqual(await ofCase(before), { 'aws-s3-bucket-public': 500, 'secrets-read': 0 });
      assert.deepEqual(await ofCase(now), { 'aws-s3-bucket-public': 0, 'secrets-read': 7 });
    });

    it('is nothing that the person it is about, or anybody else, learns of', async () => {
      await expect();
      const id = await theId();

      for (const who of [SUBJECT, STRANGER]) {
        assert.doesNotMatch(await list(who), new RegExp(id));
        assert.match(await revoke(id, who), /There is no such exception for you/);
      }
      assert.match(await list(), new RegExp(id));
      assert.match(await list(SECURITY), new RegExp(id));
      assert.equal((await inForce()).length, 1);
    });

    it('is kept from its person even where they are of the security team', async () => {
      const subject = { id: SECURITY, name: 'Sam', userPrincipalName: 'sam.okafor@contoso.example' };
      await expect({ subject, named: [SECURITY], hint: { kind: 'entra', id: SECURITY } });
      const id = await theId();

      assert.doesNotMatch(await list(SECURITY), new RegExp(id));
      assert.match(await revoke(id, SECURITY), /There is no such exception for you/);
    });

    it('is over at its end, and cannot be revoked after it', async () => {
      await expect();
      const id = await theId();
      desk().time = Date.parse(FRIDAY);

      assert.doesNotMatch(await list(), new RegExp(id));
      assert.match(await revoke(id), /It is over already/);
    });
  });
});

const relatedTo = (id: string) => ({ id, title: '', text: '', hash: '', question: '', ref: 'ABCD2345' });
