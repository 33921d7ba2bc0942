// What can be written to the bot: found by its first word, said in `help`, and harmless wherever it is not clear what is meant.
import assert from 'node:assert/strict';
import sinon from 'sinon';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { Said } from '../../src/case/said.ts';
import { parseTarget } from '../../src/case/target.ts';
import type { Choice, CommandTools } from '../../src/commands/command.ts';
import { COMMANDS, runCommand } from '../../src/commands/index.ts';
import type { ChatReply } from '../../src/ports/chat.ts';
import { aCase, actor, MANAGER } from '../helpers/cases.ts';
import { english, inLanguage } from '../helpers/english.ts';

const REF = 'K7M2PQRS';
/** A Monday. */
const NOW = Date.parse('2026-11-23T09:00:00.000Z');
const FRIDAY = '2026-11-27T22:59:59.999Z';
const card: ChatReply = { kind: 'card', card: { template: 'outcome', data: {} } };

const ROLE = { kind: 'iam-role', account: '123456789012', name: 'DataPipeline' } as const;
const BUCKET = {
  kind: 'bucket',
  account: '123456789012',
  region: 'eu-central-1',
  name: 'contoso-logs',
} as const;
const CHOICES: readonly Choice[] = [
  { action: 'aws.iam.attach-deny', title: 'Deny everything', targetKind: 'iam-role', targets: [ROLE] },
  { action: 'aws.s3.make-bucket-private', title: 'Make private', targetKind: 'bucket', targets: [] },
  {
    action: 'aws.s3.two',
    title: 'Two',
    targetKind: 'bucket',
    targets: [BUCKET, { ...BUCKET, name: 'contoso-site' }],
  },
];

/** Every tool is a fake that fails when it is called without being expected. */
function createTools(about: Case | null = aCase()) {
  return {
    casesFor: sinon.fake.resolves(about ? [about] : []),
    findCase: sinon.fake(async (ref: string) => (ref.toUpperCase() === about?.ref ? about : null)),
    show: sinon.fake.resolves(card),
    decide: sinon.fake.resolves(card),
    choices: sinon.fake(async (): Promise<readonly Choice[] | null> => CHOICES),
    targetOf: sinon.fake(async (written: string) => parseTarget(written)),
    propose: sinon.fake.resolves(card),
    state: sinon.fake.resolves(card),
    log: sinon.fake.resolves(card),
    digest: sinon.fake.resolves(card),
    delegation: sinon.fake.resolves(card),
    delegate: sinon.fake.resolves(card),
    endDelegation: sinon.fake.resolves(card),
    exceptions: sinon.fake.resolves(card),
    revoke: sinon.fake.resolves(card),
    quiet: sinon.fake.resolves(card),
    writer: sinon.fake(() => ({ now: NOW, timeZone: 'Europe/Berlin' })),
  } satisfies Omit<CommandTools, 'write' | 'words'>;
}
type Tools = ReturnType<typeof createTools>;

async function say(line: string, tools: Tools = createTools()): Promise<string> {
  const reply = await runCommand(line, actor(MANAGER), { ...tools, write: english, words: english });
  return reply.kind === 'text' ? reply.text : reply.card.template;
}
const assertNothingDone = (tools: Tools): void => {
  assert.equal(tools.decide.callCount, 0);
  assert.equal(tools.show.callCount, 0);
};
const decided = (tools: Tools): unknown => {
  assert.equal(tools.decide.callCount, 1);
  return tools.decide.firstCall.args[1];
};

describe('help', () => {
  it('names everything there is, as it is typed, each once', async () => {
    const text = await say('help');

    for (const { name, usage } of COMMANDS) {
      assert.equal(text.split(`**${english(usage)}**`).length, 2, name);
      assert.equal(english(usage).split(' ')[0], name);
    }
  });

  it('fits on one screen', async () => {
    const lines = (await say('help')).split('\n');

    assert.ok(lines.length <= 12, `${lines.length} lines`);
    assert.ok(lines.join('').length <= 900, `${lines.join('').length} characters`);
  });

  it('explains in the language of whoever asks, and names the words as they are typed', async () => {
    const write = (said: Said): string => inLanguage('fr', said);

    const reply = await runCommand('help undo', actor(MANAGER), { ...createTools(), write, words: write });

    assert.match(
      reply.kind === 'text' ? reply.text : '',
      /^\*\*undo <dossier>\*\* : annuler ce qui a été fait/,
    );
  });

  it('names what belongs to a topic as the language of whoever asks has it', async () => {
    const write = (said: Said): string => inLanguage('fr', said);

    const reply = await runCommand('help', actor(MANAGER), { ...createTools(), write, words: write });

    assert.match(
      reply.kind === 'text' ? reply.text : '',
      /^- Voir ce qui est demandé : \*\*cases\*\*, \*\*case <dossier>\*\*/m,
    );
  });

  it('is refused in words of theirs, what is typed aside', async () => {
    const write = (said: Said): string => inLanguage('de', said);
    const inGerman = async (line: string): Promise<string> => {
      const reply = await runCommand(line, actor(MANAGER), { ...createTools(), write, words: write });
      return reply.kind === 'text' ? reply.text : '';
    };

    assert.match(
      await inGerman(`reassign ${REF}`),
      /Schreiben Sie: reassign <Vorgang> <Name oder Adresse>\.$/,
    );
    assert.match(await inGerman('undo'), /Schreiben Sie: undo <Vorgang>\./);
    assert.match(
      await inGerman('nonsense'),
      /help, cases, case <Vorgang>, digest \[dismiss\|escalate\] \[Nummer\]/,
    );
  });

  it('says what one of them does, by its name', async () => {
    for (const { name, usage, help } of COMMANDS)
      assert.equal(await say(`help ${name.toUpperCase()}`), `**${english(usage)}**: ${english(help)}`);
    assert.equal(await say('help nonsense'), await say('help'));
  });
});

describe('a line that is no command', () => {
  for (const line of ['', '   ', 'hello', 'helpme', 'approve-all', '__proto__', 'constructor', 'cases; undo'])
    it(`does nothing and lists what there is: ${JSON.stringify(line)}`, async () => {
      const tools = createTools();

      const text = await say(line, tools);

      for (const command of COMMANDS) assert.ok(text.includes(english(command.usage)), command.name);
      for (const fake of Object.values(tools)) assert.equal(fake.callCount, 0);
      if (line.trim()) assert.ok(!text.includes(line), 'what was written is not repeated');
    });

  it('is a command all the same in capitals and with spaces around it', async () => {
    assert.match(await say('  HELP  '), /\*\*cases\*\*/);
    assert.deepEqual(decided(await withTools(`Dismiss\t${REF}`)), { verb: 'dismiss', questionId: null });
  });
});

async function withTools(line: string, tools: Tools = createTools()): Promise<Tools> {
  await say(line, tools);
  return tools;
}

describe('cases', () => {
  it('lists what this person may see, a line each with how to see one', async () => {
    const tools = createTools();

    const text = await say('cases', tools);

    assert.match(text, /\*\*K7M2PQRS\*\* \(asking, medium\): S3 bucket made public, opened 10:00 CET/);
    assert.match(text, /Write "case" and the reference/);
    assert.equal(tools.casesFor.firstCall.args[0].id, MANAGER);
  });

  it('shows a case that nobody was asked about for what it is, with whom it would have asked', async () => {
    const watched = aCase({ state: 'monitored', policy: { ...aCase().policy, stage: 'monitor' } });

    const text = await say('cases', createTools(watched));
    const early = await say('cases', createTools({ ...watched, state: 'routing', question: null }));

    assert.match(text, /\(monitored, would have asked Morgan Reyes, medium\)/);
    assert.match(early, /\(routing, nobody is asked, medium\)/);
  });

  it('says so when there are none', async () => {
    assert.equal(await say('cases', createTools(null)), 'There are no cases for you.');
  });
});

describe('a command about one case', () => {
  for (const name of ['case', 'approve', 'dismiss', 'escalate', 'undo', 'reassign', 'keep', 'correct']) {
    const command = COMMANDS.find((one) => one.name === name);

    it(`says how it is written when the case is missing, and does nothing: ${name}`, async () => {
      const tools = createTools();

      assert.equal(
        await say(name, tools),
        `Which case? Write: ${english(command?.usage ?? '')}. Write "cases" to see yours.`,
      );
      assertNothingDone(tools);
    });

    it(`does nothing about a case that is not there, or not for this person: ${name}`, async () => {
      const tools = createTools(null);

      assert.equal(
        await say(`${name} ${REF} make-private`, tools),
        'There is no such case for you. Write "cases" to see yours.',
      );
      assertNothingDone(tools);
    });
  }

  it('shows it', async () => {
    const tools = createTools();

    assert.equal(await say(`case ${REF}`, tools), 'outcome');
    assert.equal(tools.decide.callCount, 0);
  });

  for (const verb of ['dismiss', 'escalate', 'undo', 'keep', 'correct'] as const)
    it(`takes the words after it as the comment, on the current question: ${verb}`, async () => {
      assert.deepEqual(decided(await withTools(`${verb} ${REF}`)), { verb, questionId: null });
      assert.deepEqual(decided(await withTools(`${verb} ${REF} agreed  with finance`)), {
        verb,
        questionId: null,
        comment: 'agreed with finance',
      });
    });
});

describe('approve', () => {
  const choices = `Nothing was done. Write one of these lines:

- approve ${REF} make-private
- approve ${REF} sign-out
- dismiss ${REF}
- escalate ${REF}`;
  const offer = (key: string) => ({ key, label: key, actions: [], left: [] });
  const two = (): Case => {
    const about = aCase();
    assert.ok(about.question);
    return { ...about, question: { ...about.question, offers: [offer('make-private'), offer('sign-out')] } };
  };

  it('carries out the choice that is named in full, in any case and with spaces for hyphens', async () => {
    for (const words of ['make-private', 'MAKE-PRIVATE', 'make private'])
      assert.deepEqual(decided(await withTools(`approve ${REF} ${words}`, createTools(two()))), {
        verb: 'approve',
        questionId: null,
        offer: 'make-private',
      });
  });

  for (const words of [
    '',
    'make',
    'm',
    'out',
    'now sign-out',
    'make-private sign-out',
    'sign-out make private',
    'suspend',
    '*',
  ])
    it(`lists the choices and does nothing where it is not clear which is meant: ${JSON.stringify(words)}`, async () => {
      const tools = createTools(two());

      assert.equal(await say(`approve ${REF} ${words}`, tools), choices);
      assertNothingDone(tools);
    });

  it('takes what comes after "because" as the comment, and only there', async () => {
    const line = `approve ${REF} make-private because finance agreed, because of the audit`;

    assert.deepEqual(decided(await withTools(line, createTools(two()))), {
      verb: 'approve',
      questionId: null,
      offer: 'make-private',
      comment: 'finance agreed, because of the audit',
    });
    const unclear = createTools(two());
    assert.equal(await say(`approve ${REF} because make-private`, unclear), choices);
    assertNothingDone(unclear);
  });

  it('takes the words behind the choice that they begin with as the comment, without "because" as well', async () => {
    for (const words of [
      'sign-out they have left',
      'Sign out because they have left',
      'sign out they have left',
    ])
      assert.deepEqual(decided(await withTools(`approve ${REF} ${words}`, createTools(two()))), {
        verb: 'approve',
        questionId: null,
        offer: 'sign-out',
        comment: 'they have left',
      });
  });

  it('does nothing where two choices begin like that, unless one is named in full', async () => {
    const about = two();
    assert.ok(about.question);
    const alike = { ...about, question: { ...about.question, offers: [offer('sign'), offer('sign-out')] } };
    const tools = createTools(alike);

    assert.match(await say(`approve ${REF} sign out now`, tools), /^Nothing was done/);
    assertNothingDone(tools);
    await say(`approve ${REF} sign out`, tools);
    assert.equal((decided(tools) as { offer: string }).offer, 'sign-out');
  });

  it('names "keep" among the choices where something is contained already, and says how to write why where that is demanded', async () => {
    const decision = { decision: 0, at: '2026-11-21T10:00:00.000Z' };
    const { policy } = aCase();
    const asking = { ...DEFAULT_ASKING, comment: 'always' } as const;

    assert.doesNotMatch(await say(`approve ${REF}`), /keep|because/);
    assert.match(
      await say(`approve ${REF}`, createTools(aCase({ containedFirst: decision }))),
      /- keep K7M2PQRS/,
    );
    assert.match(
      await say(`approve ${REF}`, createTools(aCase({ policy: { ...policy, asking } }))),
      /because they have left/,
    );
  });

  it('lists the only choice as well: nothing is carried out that was not named', async () => {
    const tools = createTools();

    assert.match(await say(`approve ${REF}`, tools), /^Nothing was done\./);
    assertNothingDone(tools);
  });

  it('leaves a case that asks nothing any more to the same door as a button', async () => {
    const tools = createTools(aCase({ state: 'contained' }));

    await say(`approve ${REF} make-private`, tools);

    assert.deepEqual(decided(tools), { verb: 'approve', questionId: null, offer: 'make-private' });
  });
});

describe('reassign', () => {
  it('hands on whoever was named, address or name, to the same door as a button', async () => {
    for (const [line, to] of [
      ['priya.nair@contoso.example', 'priya.nair@contoso.example'],
      ['Priya  Nair', 'Priya Nair'],
      ['to Priya Nair', 'Priya Nair'],
      ['to @Priya Nair', 'Priya Nair'],
      ['priya.nair\u200b@contoso.example', 'priya.nair@contoso.example'],
    ] as const)
      assert.deepEqual(decided(await withTools(`reassign ${REF} ${line}`)), {
        verb: 'reassign',
        questionId: null,
        to,
      });
  });

  it('takes what comes after "because" as the comment', async () => {
    assert.deepEqual(decided(await withTools(`reassign ${REF} to Priya Nair because she moved it`)), {
      verb: 'reassign',
      questionId: null,
      to: 'Priya Nair',
      comment: 'she moved it',
    });
  });

  for (const words of ['', 'to', '@'])
    it(`does nothing where nobody is named: ${JSON.stringify(words)}`, async () => {
      const tools = createTools();

      assert.match(await say(`reassign ${REF} ${words}`, tools), /^Who can answer it\? Write: reassign <id>/);
      assertNothingDone(tools);
    });
});

describe('propose', () => {
  const proposed = async (line: string) => {
    const tools = createTools();
    const text = await say(line, tools);
    return { text, calls: tools.propose.args.map((args) => args[1] as unknown) };
  };

  it('lists what can be proposed, as it is typed, where no action is named', async () => {
    const { text, calls } = await proposed(`propose ${REF}`);

    assert.deepEqual(calls, []);
    assert.ok(text.includes(`propose ${REF} aws.iam.attach-deny iam-role:123456789012:DataPipeline`), text);
    assert.match(text, /does not name: aws\.s3\.make-bucket-private/);
  });

  it('takes what the case names, where that is one thing', async () => {
    const { calls } = await proposed(`propose ${REF} aws.iam.attach-deny`);

    assert.deepEqual(calls, [{ action: 'aws.iam.attach-deny', target: ROLE }]);
  });

  it('asks on what, where the case names several or nothing', async () => {
    const several = await proposed(`propose ${REF} aws.s3.two`);
    const nothing = await proposed(`propose ${REF} aws.s3.make-bucket-private`);

    assert.deepEqual([several.calls, nothing.calls], [[], []]);
    assert.match(several.text, /bucket:123456789012:contoso-logs[\s\S]*bucket:123456789012:contoso-site/);
    assert.match(nothing.text, /bucket:123456789012:name/);
  });

  it('takes a thing of the case with all that is known of it, and anything else as it is written', async () => {
    const known = await proposed(`propose ${REF} aws.s3.two bucket:123456789012:contoso-logs`);
    const other = await proposed(
      `propose ${REF} aws.s3.make-bucket-private bucket:123456789012:contoso-else`,
    );

    assert.deepEqual(known.calls, [{ action: 'aws.s3.two', target: BUCKET }]);
    assert.deepEqual(other.calls, [
      {
        action: 'aws.s3.make-bucket-private',
        target: { ...BUCKET, region: '', name: 'contoso-else' },
      },
    ]);
  });

  it('does nothing about a text that names nothing, and says so before what can be written', async () => {
    for (const target of ['bucket:1:x', 'bucket:123456789012:Not A Bucket', 'all']) {
      const { calls, text } = await proposed(`propose ${REF} aws.s3.make-bucket-private ${target}`);

      assert.deepEqual(calls, [], target);
      assert.ok(text.startsWith(`I know nothing called ${target} that "`), text);
    }
  });

  it('says that there is no such action, before those that there are', async () => {
    const { calls, text } = await proposed(`propose ${REF} aws.s3.make-private`);

    assert.deepEqual(calls, []);
    assert.match(text, /^There is no action called aws\.s3\.make-private\.\nNothing was done/);
  });

  it('takes the key of an object as it is written, every space of it', async () => {
    const { calls } = await proposed(
      `  propose  ${REF}  aws.s3.two  object:123456789012:contoso-logs/a  b.csv `,
    );

    assert.deepEqual(calls, [
      {
        action: 'aws.s3.two',
        target: {
          ...{ kind: 'object', account: '123456789012', region: '' },
          bucket: 'contoso-logs',
          key: 'a  b.csv',
        },
      },
    ]);
  });

  it('is told to be for the security team, to anybody else', async () => {
    const tools = {
      ...createTools(),
      choices: sinon.fake(async (): Promise<readonly Choice[] | null> => null),
    };

    const text = await say(`propose ${REF} aws.iam.attach-deny`, tools);

    assert.match(text, /Only the security team/);
    assert.equal(tools.propose.callCount, 0);
  });
});

describe('was-me and not-me', () => {
  for (const [line, said] of [
    [`was-me ${REF}`, { was: 'me' }],
    [`not-me ${REF} I was asleep`, { was: 'not-me', comment: 'I was asleep' }],
  ] as const)
    it(`hand on what the person says, without looking the case up for them: ${line}`, async () => {
      const tools = createTools();

      await say(line, tools);

      assert.deepEqual(tools.state.firstCall.args.slice(0, 2), [REF, said]);
      assert.equal(tools.findCase.callCount, 0);
    });

  it('say how they are written, without a case', async () => {
    assert.match(await say('was-me'), /Write: was-me <id>/);
    assert.match(await say('not-me'), /Write: not-me <id>/);
  });
});

describe('undo', () => {
  it('goes over what was changed since only where it is said', async () => {
    const plain = createTools();
    const anyway = createTools();

    await say(`undo ${REF} it was fine`, plain);
    await say(`undo ${REF} anyway it was fine`, anyway);

    assert.deepEqual(decided(plain), { verb: 'undo', questionId: null, comment: 'it was fine' });
    assert.deepEqual(decided(anyway), {
      verb: 'undo',
      questionId: null,
      comment: 'it was fine',
      anyway: true,
    });
  });
});

describe('dismiss until', () => {
  it('expects the same until then, with the words behind the date as the comment', async () => {
    assert.deepEqual(decided(await withTools(`dismiss ${REF} until friday it moves to the partner`)), {
      verb: 'dismiss',
      questionId: null,
      until: FRIDAY,
      comment: 'it moves to the partner',
    });
    assert.deepEqual(decided(await withTools(`dismiss ${REF} bis Freitag`)), {
      verb: 'dismiss',
      questionId: null,
      until: FRIDAY,
    });
  });

  for (const words of ['until further notice', 'until yesterday', 'until'])
    it(`decides nothing where no date can be read: ${words}`, async () => {
      const tools = createTools();

      assert.match(await say(`dismiss ${REF} ${words}`, tools), /^Nothing was done\. /);
      assertNothingDone(tools);
    });
});

describe('what asks nobody', () => {
  it('is listed, by "quiet" alone as well', async () => {
    for (const line of ['exceptions', 'quiet'])
      assert.equal((await withTools(line)).exceptions.callCount, 1, line);
  });

  it('is revoked by its id, and by nothing else', async () => {
    const tools = await withTools('revoke ab12cd');
    assert.deepEqual(tools.revoke.firstCall.args[0], 'ab12cd');

    const none = createTools();
    assert.match(await say('revoke', none), /Which one\?/);
    assert.equal(none.revoke.callCount, 0);
  });

  it('is kept quiet until a date, with the words behind it as the reason', async () => {
    const line = 'Quiet SUBJECT alex.weber@contoso\u200b.example until friday while it is moved';
    assert.deepEqual((await withTools(line)).quiet.firstCall.args[0], {
      what: 'subject',
      name: 'alex.weber@contoso.example',
      until: FRIDAY,
      why: 'while it is moved',
    });
  });

  for (const line of [
    'quiet everything until friday',
    'quiet policy',
    'quiet policy until friday',
    'quiet policy aws-s3-bucket-public',
    'quiet policy aws-s3-bucket-public for ever',
    'quiet policy aws-s3-bucket-public until further notice',
  ])
    it(`is left as it is where it is not clear what is meant: ${line}`, async () => {
      const tools = createTools();

      assert.match(await say(line, tools), /^Nothing was done\. /);
      assert.equal(tools.quiet.callCount, 0);
    });
});
