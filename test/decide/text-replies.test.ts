// What a line of text is answered: in the words and on the clock of whoever wrote it, with what to write next.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Asking } from '../../src/case/asking.ts';
import { type Case, SYSTEM } from '../../src/case/case.ts';
import { whyAnew } from '../../src/decide/authorise.ts';
import { commentWords, lineOf } from '../../src/decide/comment.ts';
import { inPlainWords } from '../../src/decide/refusal-words.ts';
import { commitTransition } from '../../src/ports/commit-transition.ts';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';
import { aCase, MANAGER } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';

const { morgan, priya, yuki } = people;
const AT = '2026-11-21T10:00:00.000Z';

describe('the answer to a line of text', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await createTestApp();
  });
  afterEach(() => test.close());

  async function demandWords(about: Case): Promise<Case> {
    const comment = 'always' satisfies Asking['comment'];
    const asking = { ...(about.policy.asking ?? assert.fail()), comment } as const;
    await test.store.transact(async (tx) =>
      commitTransition(tx, (await tx.lockCase(about.id)) ?? assert.fail(), {
        ...{ event: 'noted', at: new Date().toISOString(), patch: { policy: { ...about.policy, asking } } },
        note: { kind: 'case.noted', actor: SYSTEM, facts: {} },
      }),
    );
    return test.settled(about.ref);
  }

  it('says moments as the clock of its reader has them, and no mark of ours', async () => {
    const { ref } = await test.open('bucket-public');
    await test.say(morgan, `dismiss ${ref}`);
    await test.settled(ref);

    const said = await test.say(morgan, `dismiss ${ref}`);

    assert.match(said, /^Nothing was done\. Already decided by Morgan Reyes at \d\d:\d\d:\d\d (CET|UTC)/);
  });

  it('is no markup, whatever people are called', async () => {
    const { ref } = await test.open('bucket-public');
    const evil = { ...yuki, displayName: '[Yuki](https://evil.example)' };
    await test.say(evil, `dismiss ${ref}`);
    await test.settled(ref);

    const said = await test.say(morgan, `dismiss ${ref}`);

    assert.ok(said.includes('Yuki') && !said.includes(evil.displayName), said);
  });

  it('names the very line to write where the policy demands a reason, and takes that line', async () => {
    const { ref } = await demandWords(await test.open('bucket-public'));

    assert.equal(
      await test.say(morgan, `approve ${ref} make-private`),
      `Nothing was done. This takes a few words on why. Write them at the end of the line: approve ${ref} make-private because ...`,
    );
    assert.match(await test.say(morgan, `dismiss ${ref} until 2099-12-01`), /longest|at most|Choose/);
    assert.match(await test.say(morgan, `dismiss ${ref}`), new RegExp(`: dismiss ${ref} because \\.\\.\\.$`));
    const line = /dismiss \S+ until \d{4}-\d\d-\d\d \d\d:\d\d because/.exec(
      await test.say(morgan, `dismiss ${ref} until tomorrow`),
    );

    assert.match(await test.say(morgan, `${line?.[0]} it is moved`), /^Closed as expected/);
    const { decisions } = await test.settled(ref);
    assert.equal(decisions[0]?.comment, 'because it is moved');
    assert.ok(decisions[0]?.until);
  });

  it('promises of a question that is handed on only what is sure', async () => {
    const { ref } = await test.open('bucket-public');

    const said = await test.say(morgan, `reassign ${ref} to ${priya.userPrincipalName}`);

    assert.match(said, /^It goes to Priya Nair, or to whoever answers for them\./);
  });
});

describe('the card of whoever handed a question on', () => {
  it('says why it went to somebody else after all', async () => {
    const test = await createTestApp();
    const away = { timeZone: null, hours: null, locale: null, away: { until: null } };
    test.world.state.calendars.set(people.paula.id, away);
    const { ref } = await test.open('bucket-public');
    await test.say(morgan, `reassign ${ref} to Paula Ortega`);
    await test.settled(ref);

    const card = await test.say(morgan, `case ${ref}`);
    await test.close();

    assert.match(card, /Paula Ortega was named by Morgan Reyes as the one to answer but is away/);
  });
});

describe('the log of a case, in the chat', () => {
  it('says on which clock it is, and why somebody was refused in words', async () => {
    const test = await createTestApp();
    const { ref } = await test.open('bucket-public');
    await test.say(people.dana, `dismiss ${ref}`);
    await test.say(morgan, `dismiss ${ref}`);
    await test.settled(ref);
    await test.say(morgan, `dismiss ${ref}`);

    const said = await test.say(morgan, `log ${ref}`);
    await test.close();

    assert.match(said, /\(all times in UTC\)/);
    assert.match(said, /they were not asked/);
    assert.match(said, /it was decided already/);
    assert.doesNotMatch(said, /decide\./);
  });

  it('has words for every refusal that a case can have', () => {
    const rooms = readdirSync('src/decide').map((file) => readFileSync(`src/decide/${file}`, 'utf8'));
    const codes = new Set(rooms.flatMap((text) => text.match(/(?<!say\(\s*)'decide\.[a-z-]+'/g) ?? []));
    // Of no case: they are in no case's log.
    const NOWHERE = /no-case|no-digest|no-policy|no-target|unknown-person|not-then|over$/;

    for (const quoted of codes) {
      const code = quoted.slice(1, -1);
      if (!NOWHERE.test(code)) assert.notEqual(inPlainWords(code), code);
    }
  });
});

describe('the line that says why', () => {
  it('is what was meant, on the calendar of its writer', () => {
    const until = '2026-11-27T22:59:59.999Z';
    const about = { ref: 'K7M2PQRS' };

    assert.equal(
      lineOf(about, { verb: 'dismiss', questionId: null, until }, 'Europe/Berlin'),
      'dismiss K7M2PQRS until 2026-11-27 23:59',
    );
    assert.equal(
      lineOf(about, { verb: 'dismiss', questionId: null, until }, 'Atlantis/Capital'),
      'dismiss K7M2PQRS until 2026-11-27 22:59 UTC',
    );
    assert.equal(
      lineOf(about, { verb: 'undo', questionId: null, anyway: true }, 'UTC'),
      'undo K7M2PQRS anyway',
    );
    assert.match(english(commentWords('keep K7M2PQRS')), /: keep K7M2PQRS because \.\.\.$/);
  });
});

describe('why a question is asked anew', () => {
  const by = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;
  const to = { id: priya.id, name: 'Priya Nair' };
  const table: readonly (readonly [string, Partial<Case>, RegExp])[] = [
    [
      'handed on',
      { decisions: [{ verb: 'reassign', by, at: AT, to }] },
      /^Morgan Reyes handed this on to Priya Nair/,
    ],
    ['handed over', { decisions: [{ verb: 'escalate', by, at: AT }] }, /handed this to the security team/],
    ['signed', { decisions: [{ verb: 'dismiss', by, at: AT, awaits: 'x' }] }, /somebody else has to agree/],
    [
      'taken back',
      { decisions: [{ verb: 'correct', by, at: AT }], decidedBefore: 1 },
      /took the answer back/,
    ],
    [
      'grown',
      { decisions: [{ verb: 'reassign', by, at: AT, to }], decidedBefore: 1 },
      /^Something new came in, so/,
    ],
    ['grown unanswered', {}, /^Something new came in, so/],
    ['out of reach', { unreachable: [priya.id] }, /somebody could not be reached/],
    ['not asked yet', { question: null }, /whoever is asked first/],
  ];
  for (const [what, over, says] of table)
    it(`is said by its cause: ${what}`, () => {
      assert.match(english(whyAnew(aCase({ state: 'routing', ...over }))), says);
    });
});
