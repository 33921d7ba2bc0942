// What can be written to the bot: found by its first word, said in `help`, and harmless wherever it is not clear what is meant.
import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Case } from '../../src/case/case.ts';
import type { CommandTools } from '../../src/commands/command.ts';
import { COMMANDS, runCommand } from '../../src/commands/index.ts';
import type { ChatReply } from '../../src/ports/chat.ts';
import { aCase, actor, MANAGER } from '../helpers/cases.ts';

const REF = 'K7M2PQRS';
const card: ChatReply = { kind: 'card', card: { template: 'outcome', data: {} } };

/** Every tool is a fake that fails when it is called without being expected. */
function createTools(about: Case | null = aCase()) {
  return {
    casesFor: sinon.fake.resolves(about ? [about] : []),
    findCase: sinon.fake(async (ref: string) => (ref.toUpperCase() === about?.ref ? about : null)),
    show: sinon.fake.resolves(card),
    decide: sinon.fake.resolves(card),
  } satisfies CommandTools;
}
type Tools = ReturnType<typeof createTools>;

async function say(line: string, tools: Tools = createTools()): Promise<string> {
  const reply = await runCommand(line, actor(MANAGER), tools);
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
  it('lists everything there is, as it is typed', async () => {
    const text = await say('help');

    for (const command of COMMANDS) {
      assert.ok(text.includes(`**${command.usage}**: ${command.help}`), command.name);
      assert.equal(command.usage.split(' ')[0], command.name);
    }
  });
});

describe('a line that is no command', () => {
  for (const line of ['', '   ', 'hello', 'helpme', 'approve-all', '__proto__', 'constructor', 'cases; undo'])
    it(`does nothing and lists what there is: ${JSON.stringify(line)}`, async () => {
      const tools = createTools();

      const text = await say(line, tools);

      for (const command of COMMANDS) assert.ok(text.includes(command.usage), command.name);
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

    assert.match(
      text,
      /\*\*K7M2PQRS\*\* \(asking, medium\): S3 bucket made public, opened 2026-11-21T09:00Z/,
    );
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
  for (const name of ['case', 'approve', 'dismiss', 'escalate', 'undo']) {
    const command = COMMANDS.find((one) => one.name === name);

    it(`says how it is written when the case is missing, and does nothing: ${name}`, async () => {
      const tools = createTools();

      assert.equal(
        await say(name, tools),
        `Which case? Write: ${command?.usage}. Write "cases" to see yours.`,
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

  for (const verb of ['dismiss', 'escalate', 'undo'] as const)
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

  for (const words of ['', 'make', 'm', 'out', 'sign-out now', 'make-private sign-out', 'suspend', '*'])
    it(`lists the choices and does nothing where it is not clear which is meant: ${JSON.stringify(words)}`, async () => {
      const tools = createTools(two());

      assert.equal(await say(`approve ${REF} ${words}`, tools), choices);
      assertNothingDone(tools);
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
