// One alert from policies and windows to what asks about it, and what a clock that is wrong may not do.
import assert from 'node:assert/strict';
import type { JudgeParts } from '../../src/detect/judge-alert.ts';
import { createJudge } from '../../src/detect/judge-alert.ts';
import type { Windows } from '../../src/ports/windows.ts';
import { alertOf, loadFiles, ruleText } from './rule.ts';

const HOUR = 3_600_000;
const LATENESS_MS = HOUR / 2;
const AT = '2026-01-12T09:14:02.000Z';
const nobody = (): never => assert.fail('nobody was to be called');
const log = { debug: nobody, info: nobody, warn: nobody, error: nobody };
const windowsOf = (forgotten: number[] = []): Windows => ({
  lock: nobody,
  add: nobody,
  read: nobody,
  markCrossed: nobody,
  defer: nobody,
  takeDue: nobody,
  forget: async (beforeMs) => {
    forgotten.push(beforeMs);
  },
});

const judgeOf = (files: Parameters<typeof loadFiles>[0], more: Partial<JudgeParts> = {}) => {
  const { catalogue, problems } = loadFiles(files);
  assert.deepEqual(problems, []);
  return createJudge({
    catalogue,
    countersignRoleArns: [],
    latenessMs: LATENESS_MS,
    clock: { now: () => Date.parse(AT) },
    log,
    isInScope: () => true,
    ...more,
  });
};

const graphRule = (more: object = {}): string =>
  ruleText({ sel: { title: 'An alert' }, condition: 'sel' }, { logsource: { product: 'm365' }, ...more });
const alert = alertOf({ title: 'An alert' }, { source: 'graph' });

describe('Judging an alert', () => {
  it('asks one question about a Graph alert, and a rule from outside does not take the place of ours', async () => {
    const outside = { name: 'rules/0-first.yml', text: graphRule(), outside: true };
    const judge = judgeOf([outside, { name: 'ours.yml', text: graphRule() }]);

    const raised = await judge.judge(alert, false, windowsOf());

    assert.deepEqual(
      raised.map(({ policy }) => policy.id),
      ['ours'],
    );
  });

  it('forgets by the clock, half a day after there was any use for it: a clock may run ahead for a while', async () => {
    const forgotten: number[] = [];
    const judge = judgeOf([{ name: 'ours.yml', text: graphRule() }]);

    await judge.forget(windowsOf(forgotten));

    assert.deepEqual(forgotten, [Date.parse(AT) - LATENESS_MS - 12 * HOUR]);
  });
});
