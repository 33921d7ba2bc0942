// The card that asks, in each of its states.
import { caseCard } from '../../src/ask/card-data.ts';
import { SYSTEM } from '../../src/case/case.ts';
import { askedFarther, asked as askedFor } from '../../src/case/rung-words.ts';
import { say } from '../../src/case/said.ts';
import { sentences } from '../../src/case/sentences.ts';
import { targetSaid } from '../../src/case/target-words.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import {
  ALEX,
  BUCKET,
  DANA,
  MORGAN,
  OFFERS,
  offer,
  PASSED_OVER,
  QUESTION,
  SUSPEND,
  sample,
  shipped,
} from './sample-case.ts';
import { asked, asking, decided, HIGH, taking, type ViewOver, view } from './sample-view.ts';
import type { Write } from './writer.ts';

const ADMINISTRATOR = say('route.two-people.administrator', { known: 'yes', name: ALEX.name });
const HANDED_OVER = say('decide.handed-over', { name: MORGAN.name });
const NAMED = askedFor(say('route.who.named-by-person', { name: DANA.name, by: MORGAN.name }));

/** A question of the security team's alone has no clock. */
const { clock: _clock, ...unhurried } = QUESTION;

const HOSTILE = '**curl** [x](https://evil.example) $' + '{ref} <at>all</at>';

const ANSWERED_AT = '2026-11-21T09:12:00.000Z';
const call = (name: string) => say('ingest.call-on', { call: name, target: BUCKET.name });

export function questionSamples(write: Write): Readonly<Record<string, CardContent>> {
  const draw = (about: Parameters<typeof caseCard>[0], over: ViewOver = {}): CardContent =>
    caseCard(about, view(write, over));
  return {
    question: draw(sample()),
    'question.high': draw(
      asked(
        {
          path: [{ name: 'Robin Castillo', outcome: 'passed-over', reason: PASSED_OVER }],
          reason: askedFarther(
            askedFor(say('route.who.levels-above', { name: MORGAN.name, subject: ALEX.name, levels: 2 })),
          ),
        },
        {
          severity: 'high',
          seen: 15,
          facts: [...sample().facts, { label: say('ingest.client'), value: HOSTILE }],
        },
      ),
      { takes: taking({ dismiss: HIGH }) },
    ),
    'question.signed': draw(
      asked(
        { beside: [DANA, { kind: 'security' }], twoPeople: ADMINISTRATOR },
        {
          decisions: [
            decided({ awaits: sentences([say('decide.more-people', { missing: 1 }), ADMINISTRATOR]) }),
          ],
        },
      ),
    ),
    'question.contained-first': draw(
      asked(
        { offers: [OFFERS.private], withheld: [] },
        {
          ...asking({ contain: 'suspend' }),
          severity: 'high',
          containedFirst: { decision: 0, at: '2026-11-21T09:40:00.000Z' },
          decisions: [decided({ by: SYSTEM, offer: 'suspend' })],
          decidedBefore: 1,
        },
      ),
    ),
    'question.comment-demanded': draw(
      asked({ offers: [OFFERS.ask, OFFERS.private] }, asking({ comment: 'destructive' })),
    ),
    'question.comment-always': draw(sample(asking({ comment: 'always' }))),
    'question.sign-in': draw(sample(), {
      notice: say('decide.sign-in-first', { age: { ms: 600_000 } }),
      signInUrl: 'https://countersign.contoso.example/sign-in?for=K7M2PQRS',
    }),
    'question.dry-run': draw(sample(), { notice: say('ask.dry-run') }),
    'question.many-offers': draw(
      sample({
        question: {
          ...unhurried,
          approver: { kind: 'security' },
          offers: [
            OFFERS.private,
            OFFERS.contain,
            OFFERS.signOut,
            OFFERS.suspend,
            OFFERS.ask,
            offer(
              'p1',
              say('govern.proposed', {
                ...{ action: SUSPEND.title, target: targetSaid(SUSPEND.target) },
                name: DANA.name,
              }),
              SUSPEND,
              ...OFFERS.private.actions,
            ),
          ],
          reason: HANDED_OVER,
          withheld: [],
        },
        related: ['m365-mass-download', 'm365-impossible-travel'].map((id, n) => ({
          ...shipped(id),
          ref: `P4R7TZX${n + 2}`,
        })),
      }),
      { forOperator: true },
    ),
    'question.with-another': draw(asked({ approver: { ...DANA, as: 'reassigned' }, reason: NAMED }), {
      isBystander: true,
      forOperator: true,
    }),
    'question.asked-anew': draw(
      sample({
        newSince: ANSWERED_AT,
        deeds: [
          { key: '1', says: call('PutBucketAcl') },
          {
            key: '2',
            says: say('ingest.deed-tried', {
              deed: say('ingest.deed', {
                deed: call('DeletePublicAccessBlock'),
                asked: 'bucketName=contoso-invoices',
              }),
            }),
          },
        ],
        decisions: [{ verb: 'dismiss', by: MORGAN, at: ANSWERED_AT }],
        decidedBefore: 1,
        statements: [{ by: ALEX, at: ANSWERED_AT, was: 'me', comment: 'For the auditors' }],
        outcome: [say('ingest.expected-and-more', { who: MORGAN.name, when: { time: ANSWERED_AT } })],
        chased: { question: QUESTION.id, remindedAt: '2026-11-21T09:30:00.000Z', reminders: 1, timeOuts: 0 },
      }),
      { mayCorrect: true },
    ),
    'question.nobody-known': draw(
      sample({
        subject: null,
        hint: { kind: 'unknown', reason: say('route.unknown.nameless-session') },
        policy: shipped('aws-resource-public'),
        attempt: true,
        severity: 'critical',
        moreTargets: 3,
        question: {
          ...unhurried,
          approver: { kind: 'security' },
          reason: say('route.security.confirms'),
          offers: [OFFERS.private],
          withheld: [],
        },
        troubles: [
          {
            at: '2026-11-20T16:31:00.000Z',
            action: 'aws.s3.make-bucket-private',
            target: targetSaid(BUCKET),
            code: 'aws.unavailable',
            message: 'Service Unavailable',
            requestId: 'R3QV8ZK1',
          },
        ],
      }),
      { forOperator: true },
    ),
  };
}
