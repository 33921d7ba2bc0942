// How a line names who and until when; what may be, others decide.
import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { CommandTools } from '../../src/commands/command.ts';
import { runCommand } from '../../src/commands/index.ts';
import { actor, MANAGER } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';

const NOW = Date.parse('2026-11-20T09:00:00Z');

async function say(line: string) {
  const done = sinon.fake.resolves({ kind: 'text', text: 'done' } as const);
  const shown = sinon.fake.resolves({ kind: 'text', text: 'shown' } as const);
  const ended = sinon.fake.resolves({ kind: 'text', text: 'ended' } as const);
  const tools = {
    delegate: done,
    delegation: shown,
    endDelegation: ended,
    write: english,
    writer: () => ({ now: NOW, timeZone: 'Europe/Berlin' }),
  } as unknown as CommandTools;
  const reply = await runCommand(line, actor(MANAGER), tools);
  assert.ok(reply.kind === 'text');
  const calls = done.callCount + shown.callCount + ended.callCount;
  return { text: reply.text, wish: done.callCount === 1 ? done.firstCall.args[0] : null, calls };
}

describe('delegate', () => {
  const lines: readonly (readonly [line: string, to: string, until: string])[] = [
    ['delegate to Priya Nair until 2026-12-01', 'Priya Nair', '2026-12-01T22:59:59.999Z'],
    ['delegate Priya Nair until 2026-12-01', 'Priya Nair', '2026-12-01T22:59:59.999Z'],
    ['delegate to @Priya until tomorrow 17:00', 'Priya', '2026-11-21T16:00:00.000Z'],
    ['delegate to @Priya @Nair bis Montag', 'Priya Nair', '2026-11-23T22:59:59.999Z'],
    [
      'delegate TO p.nair@contoso.example hasta el lunes',
      'p.nair@contoso.example',
      '2026-11-23T22:59:59.999Z',
    ],
    ["delegate to Till Bis jusqu'à lundi", 'Till Bis', '2026-11-23T22:59:59.999Z'],
    ['delegate to Tobias until monday', 'Tobias', '2026-11-23T22:59:59.999Z'],
  ];
  for (const [line, to, until] of lines)
    it(`reads who and until when: ${line}`, async () => {
      assert.deepEqual((await say(line)).wish, { to, until });
    });

  it('shows what is set, and takes it back', async () => {
    assert.equal((await say('delegate')).text, 'shown');
    assert.equal((await say('delegate off')).text, 'ended');
  });

  const unclear = [
    'delegate Priya',
    'delegate to Priya',
    'delegate to until friday',
    'delegate until friday',
    'delegate to @ until friday',
    'delegate off please',
    'delegate to Priya until further notice',
    'delegate to Priya until yesterday',
    'delegate to Priya until friday or monday',
  ];
  for (const line of unclear)
    it(`does nothing, and says how to write it: ${line}`, async () => {
      const { text, calls } = await say(line);

      assert.equal(calls, 0);
      assert.match(text, /Nothing was done/);
      assert.match(text, /until friday/);
    });
});
