// Who may keep what quiet, and for how long.
import assert from 'node:assert/strict';
import type { Exception } from '../../src/case/exception.ts';
import type { UserId } from '../../src/case/ids.ts';
import { NO_CASE } from '../../src/decide/conversation.ts';
import { type QuietParts, type QuietWish, setQuiet } from '../../src/decide/quiet.ts';
import { readWrittenTarget } from '../../src/ingest/written-target.ts';
import type { DirectoryUser } from '../../src/ports/directory.ts';
import { actor, MANAGER, SECURITY, SUBJECT } from '../helpers/cases.ts';
import { bucket, inEnglish, onBothDatabases } from './desk.ts';

const FRIDAY = '2026-11-27T17:00:00.000Z';
const person = (id: UserId, userPrincipalName: string): DirectoryUser => ({
  ...{ id, displayName: 'Somebody', userPrincipalName, enabled: true, guest: false, synced: false },
});
const KEYS = 'arn:aws:iam::123456789012:user/sam';
const PEOPLE = [
  person(SUBJECT, 'Alex.Weber@contoso.example'),
  person(SECURITY, 'Sam.Okafor@contoso.example'),
];

describe('keeping something quiet', () => {
  onBothDatabases((desk) => {
    const partsOf = (over: Partial<QuietParts> = {}): QuietParts => ({
      ...desk().parts(),
      ...inEnglish,
      findPerson: async (name) =>
        PEOPLE.find((one) => [one.id, one.userPrincipalName].some((its) => its.toLowerCase() === name)) ??
        null,
      knowsPolicy: (id) => id === 'made-public',
      readTarget: (text) => readWrittenTarget(text, ['123456789012']),
      ...over,
    });
    async function quiet(
      wish: Partial<QuietWish>,
      { who = SECURITY, over = {} }: { who?: UserId; over?: Partial<QuietParts> } = {},
    ): Promise<string> {
      const whole = { what: 'policy', name: 'made-public', until: FRIDAY, ...wish } as const;
      const reply = await setQuiet(whole, actor(who), partsOf(over));
      return reply.kind === 'text' ? reply.text : assert.fail(reply.kind);
    }
    const inForce = async (): Promise<readonly Exception[]> =>
      (desk().stores[0] ?? assert.fail()).exceptionsInForce(new Date(desk().time).toISOString());
    async function refusals(): Promise<readonly unknown[]> {
      const found: unknown[] = [];
      for await (const entry of (desk().stores[0] ?? assert.fail()).entries())
        if (entry.caseId === NO_CASE) found.push(entry.facts.code);
      return found;
    }

    it('names who set it, by every name, and is for medium severity at most', async () => {
      await quiet({ what: 'subject', name: 'alex.weber@contoso.example', why: 'on a tour' });

      const [one] = await inForce();
      assert.deepEqual(
        [one?.kind, one?.subjects, one?.notFor, one?.upTo, one?.until, one?.comment],
        [
          'quiet',
          [SUBJECT, 'alex.weber@contoso.example'],
          [SECURITY, 'sam.okafor@contoso.example'],
          'medium',
          FRIDAY,
          'on a tour',
        ],
      );
    });

    it('says how a thing was read, by a form that is taken again', async () => {
      const said = await quiet({ what: 'target', name: 'arn:aws:s3:::contoso-site' });

      assert.match(said, /: contoso-site \(bucket:123456789012:contoso-site\)\. /);
      const again = await quiet({ what: 'target', name: 'bucket:123456789012:contoso-site' });
      assert.match(again, /: contoso-site \(bucket:123456789012:contoso-site\)\. /);
      const keys = (await inForce()).map(({ targets }) => targets);
      assert.deepEqual(keys, [['bucket:123456789012:contoso-site'], ['bucket:123456789012:contoso-site']]);
      const group = 'arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0abc';
      assert.match(
        await quiet({ what: 'target', name: group }),
        new RegExp(`security group .*\\(${group}\\)`),
      );
    });

    it('takes a bare name only for what some case is about, and says what else to write', async () => {
      const wish = { what: 'target', name: 'contoso-invoices' } as const;

      const refused = await quiet(wish);
      assert.match(refused, /^Nothing was done\. No case knows a thing called contoso-invoices\. /);
      assert.match(refused, /write it as bucket:123456789012:contoso-invoices/);
      assert.deepEqual(await refusals(), ['decide.no-target']);
      assert.deepEqual(await inForce(), []);

      await desk().open([], { targets: [bucket('contoso-invoices')], named: [SECURITY] });
      assert.match(await quiet(wish), /No case knows/, 'theirs to see');
      await desk().open([], { targets: [bucket('contoso-invoices')] });
      assert.match(await quiet(wish), /^Quiet until .*: contoso-invoices \(bucket:123456789012:/);
    });

    it('takes nothing of an account that is not watched', async () => {
      for (const name of [
        'bucket:210987654321:contoso-site',
        'arn:aws:ec2:eu-central-1:210987654321:security-group/sg-0abc',
        'iam-user:210987654321:sam',
      ])
        assert.equal(
          await quiet({ what: 'target', name }),
          'Nothing was done. The AWS account 210987654321 is not among those that are watched: 123456789012.',
        );
      const settings = { ...desk().settings, aws: { ...desk().settings.aws, accounts: [] } };
      const none = await quiet(
        { what: 'target', name: 'iam-user:210987654321:sam' },
        { over: { settings, readTarget: (text) => readWrittenTarget(text, []) } },
      );
      assert.match(none, /210987654321 is not watched, nor is any other/);
      assert.deepEqual(await inForce(), []);
    });

    it('ends within the longest that the settings allow, and says when', async () => {
      const said = await quiet({ until: '2030-01-01T00:00:00.000Z' });

      const until = new Date(desk().time + desk().settings.asking.longestMs).toISOString();
      assert.equal((await inForce())[0]?.until, until);
      assert.match(said, /^Quiet until 19 Feb 2027, 11:00:00 CET: /);
    });

    const refused: Readonly<Record<string, readonly [Partial<QuietWish>, UserId, string]>> = {
      'by anybody else': [{}, MANAGER, 'decide.security-only'],
      'about themselves': [
        { what: 'subject', name: 'sam.okafor@contoso.example' },
        SECURITY,
        'decide.conflict',
      ],
      'about what is their own': [{ what: 'target', name: KEYS }, SECURITY, 'decide.conflict'],
      'about nobody': [
        { what: 'subject', name: 'nobody@contoso.example' },
        SECURITY,
        'decide.unknown-person',
      ],
      'about no policy': [{ name: 'made-up' }, SECURITY, 'decide.no-policy'],
      'about no thing': [{ what: 'target', name: '*' }, SECURITY, 'decide.no-target'],
      'until a date that is over': [{ until: '2026-11-20T00:00:00.000Z' }, SECURITY, 'decide.over'],
      'until nobody can tell': [{ until: 'friday' }, SECURITY, 'decide.over'],
    };
    for (const [what, [wish, who, code]] of Object.entries(refused))
      it(`is refused, and that is on record: ${what}`, async () => {
        const aws = { ...desk().settings.aws, iamUsers: { [KEYS]: 'sam.okafor@contoso.example' } };
        const settings = { ...desk().settings, aws };

        assert.match(await quiet(wish, { who, over: { settings } }), /^Nothing was done\. /);
        assert.deepEqual(await inForce(), []);
        assert.deepEqual(await refusals(), [code]);
      });

    it('is refused to whoever is under question themselves', async () => {
      const subject = { id: SECURITY, name: 'Sam', userPrincipalName: 'sam.okafor@contoso.example' };
      await desk().open([], { subject });

      assert.match(await quiet({}), /subject of an open case yourself/);
      assert.deepEqual(await inForce(), []);
      assert.deepEqual(await refusals(), ['decide.under-question']);
    });

    it('is not done where the directory cannot say who wants it', async () => {
      const over = { findPerson: () => Promise.reject(new Error('throttled')) };

      await assert.rejects(quiet({}, { over }), /throttled/);
      assert.match(await quiet({}, { over: { findPerson: async () => PEOPLE } }), /does not know you/);
      assert.deepEqual(await inForce(), []);
    });
  });
});
