// What people read is in words/, in every language: no sentence stays in the code of the rooms, but for what is listed here.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkSentences, type Exception, isSentence, sentencesOf } from './sentence-law.ts';

const src = fileURLToPath(new URL('../../src/', import.meta.url));
const ROOMS = 'case,ports,route,ask,decide,govern,chase,commands,ingest';

const SENT_BACK = 'the door answers it to whoever sent the alert';
const NOUN = 'a noun in English, which a label keeps: people read it by targetSaid';
const BEFORE_WORDS = 'known again in rows from before there were messages';
const TYPED = 'commands, as people type them in every language';

const EXCEPTIONS: readonly Exception[] = [
  { file: 'ask/offer-lines.ts', text: /^For the security team: $/, because: BEFORE_WORDS },
  { file: 'ask/outcome-data.ts', text: /says that the answer was a mistake/, because: BEFORE_WORDS },
  { file: 'case/standing.ts', text: /^What was done before still stands:$/, because: BEFORE_WORDS },
  {
    file: 'case/bucket-exposure.ts',
    text: /^can(?:not)? be public$/,
    because: 'a value that only the command line prints, as AWS words it',
  },
  {
    file: 'ingest/look-at-buckets.ts',
    text: /^can(?:not)? be public$/,
    because: 'the type of that value',
  },
  {
    file: 'case/policy-words.ts',
    because: 'the text of a policy, known again word for word and said by its message',
  },
  { file: 'case/resource-nouns.ts', because: 'the list of nouns itself, each with its message' },
  { file: 'case/target.ts', text: /^access key … of …$/, because: 'a label, for logs and the trail' },
  { file: 'case/target-words.ts', text: /^access key … of $/, because: 'that label, known again' },
  { file: 'commands/delegate.ts', text: /^- delegate to /, because: TYPED },
  { file: 'commands/quiet.ts', text: /^- quiet /, because: TYPED },
  { file: 'decide/refusal-words.ts', because: 'the governance log, which is English for everybody' },
  { file: 'govern/write-back.ts', text: /^the alert is not there/, because: 'noted in the trail' },
  {
    file: 'ingest/deeds.ts',
    text: /^S3 buckets? /,
    because: 'goes into the digest of a deed, whatever it is called today',
  },
  {
    file: 'ingest/sources/cloudtrail-event.ts',
    text: /does not serve that account$/,
    because: SENT_BACK,
  },
  { file: 'ingest/sources/cloudtrail-schema.ts', text: /^not an ISO 8601/, because: SENT_BACK },
  { file: 'ingest/sources/graph-alert.ts', text: /serves another tenant$/, because: SENT_BACK },
  { file: 'ingest/sources/graph-schema.ts', text: /^not an ISO 8601/, because: SENT_BACK },
  { file: 'ingest/sources/legacy-shape.ts', because: SENT_BACK },
  { file: 'ingest/sources/cloudtrail-kinds.ts', because: `${NOUN}; or names of parameters` },
  { file: 'ingest/sources/cloudtrail-naming.ts', text: /^event data store$/, because: NOUN },
  { file: 'ingest/sources/cloudtrail-s3.ts', text: /^multi-region access point$/, because: NOUN },
  { file: 'ingest/sources/cloudtrail-sign-in.ts', text: /^root user of account …$/, because: NOUN },
  { file: 'ingest/sources/cloudtrail-unknown.ts', text: /^event data store$/, because: NOUN },
  {
    file: 'route/candidates.ts',
    text: /^Whom the policy names$/,
    because: 'a rung of the path, which only the governance log prints',
  },
];

describe('the law of sentences', () => {
  it('holds in the rooms: what people read is in words/', () => {
    const files = globSync(`{${ROOMS}}/**/*.ts`, { cwd: src }).map(
      (file) => [file.replaceAll('\\', '/'), readFileSync(src + file, 'utf8')] as const,
    );

    assert.ok(files.length > 20, 'src was found');
    assert.equal(checkSentences(new Map(files), EXCEPTIONS).join('\n'), '');
  });
});

const found = (source: string): readonly string[] => sentencesOf('ask/a.ts', source).map(({ text }) => text);

describe('the checker of the law of sentences', () => {
  for (const [text, is] of [
    ['This case has moved on.', true],
    ['left alone since then', true],
    ['Nobody can answer', false],
    ['aws.s3.make-bucket-private', false],
    ['one-two-three', false],
    ['ABC DEF GHI', false],
    ['a b c d', false],
    ['securityGroupId ec2:groupName vgwId', false],
  ] as const)
    it(`takes "${text}" ${is ? 'for a sentence' : 'for none'}`, () => assert.equal(isSentence(text), is));

  for (const [what, source] of [
    ['a string', `const a = 'it was done again';`],
    ['a string in double quotes', `const a = "it was done again";`],
    ['a template', 'const a = `it was done again`;'],
    ['a template in a template', `const a = \`x\${b ? \`it was done again\` : 1}y\`;`],
    ['a string in what a template fills in', `const a = \`x\${b({ c: 'it was done again' })}y\`;`],
    ['what an error says', `throw new CountersignError('a.b', 'c', { say: 'it was done again' });`],
    ['what follows the message', `throw new CountersignError('a.b', 'c', 'it was done again');`],
    ['what follows a division', `const a = b / c; const d = 'it was done again'; const e = f / g;`],
    ['what follows an expression', `const a = /['"\`/]/.test(b) ? 'it was done again' : c;`],
    ['what follows a comment', `// don't\nconst a = 'it was done again'; /* isn't */`],
    ['an element of a list', `const a = { HOW: ['it was done again'] };`],
  ] as const)
    it(`finds ${what}`, () => assert.deepEqual(found(source), ['it was done again']));

  for (const [what, source] of [
    ['a comment', `// it was done again\n/* 'it was done again' */`],
    ['an expression', `const a = /it was done again/; const b = [/'it was done again'/];`],
    ['the message of an error', `throw new CountersignError('a.b', \`it was \${c} done again\`, { say });`],
    [
      'one of two messages',
      `throw new ClaimRefused('a.b', c ? 'it was done again' : 'it was never done', d);`,
    ],
    ['what is logged', `parts.log.warn({ caseId, why: say('a.b', { c }) }, 'it was done again');`],
    ['what an action needs', `const a = { needs: ['it was done again', { b: 'it was never done' }] };`],
    ['how a command is typed', `const a = { usage: 'it was done again' };`],
    ['a key', `say('case.it-was-done-again');`],
  ] as const)
    it(`leaves ${what} alone`, () => assert.deepEqual(found(source), []));

  it('names the file, the line and the text, with what is filled in left open', () => {
    const files = new Map([['ask/a.ts', `\n\nconst a = \`\${b} was done \${c} again\`;`]]);

    assert.deepEqual(checkSentences(files, []), [
      'src/ask/a.ts:3 says "… was done … again": let it say() a message of words/',
    ]);
  });

  it('takes an exception for its own file and text alone, and refuses one that nothing needs', () => {
    const files = new Map([['ask/a.ts', `const a = ['it was done again', 'it was never done'];`]]);
    const exception = { file: 'ask/a.ts', because: 'typed' };

    assert.deepEqual(checkSentences(files, [exception]), []);
    assert.equal(checkSentences(files, [{ ...exception, text: /again$/ }]).length, 1);
    assert.match(checkSentences(new Map(), [exception]).join(), /no longer needs its exception \(typed\)/);
  });
});
