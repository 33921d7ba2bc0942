// A stage for the life of a question: time goes by from one thing that is due to the next, and the process may end in between.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Severity } from '../../src/case/alert.ts';
import {
  type Asking,
  DEFAULT_ASKING,
  DEFAULT_ASKING_SETTINGS,
  type Patience,
} from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import { aCase, settings as usual } from '../helpers/cases.ts';
import { createGovernStage, type SentCard, type Stage, type StageOptions } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../helpers/made-up-action.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const CLOSE = 'test.thing.close';

export interface Life {
  readonly made: MadeUp;
  readonly stage: Stage;
  readonly cards: readonly SentCard[];
  open(severity: Severity, asking?: Partial<Asking>, over?: Partial<Case>): Promise<Case>;
  /** `reboot`: the process ends and begins again before whatever is due next. */
  pass(about: Case, ms: number, reboot?: boolean): Promise<Case>;
  theCase(about: Case): Promise<Case>;
  /** The process ends, and begins again. */
  reboot(): Promise<void>;
  close(): Promise<void>;
}

export const withAsking = (over: Partial<OperatorSettings['asking']>): Partial<OperatorSettings> => ({
  asking: { ...DEFAULT_ASKING_SETTINGS, ...over },
});
export const patience = (severity: Severity, over: Partial<Patience>) => ({
  patience: {
    ...DEFAULT_ASKING_SETTINGS.patience,
    [severity]: { ...DEFAULT_ASKING_SETTINGS.patience[severity], ...over },
  },
});

export async function createLife(options: Partial<StageOptions> = {}): Promise<Life> {
  const directory = mkdtempSync(path.join(tmpdir(), 'countersign-chase-'));
  const made = madeUpAction();
  const sent: SentCard[] = [];
  let at = options.startAt ?? Date.parse('2026-11-20T09:00:00Z');
  const begin = (): Promise<Stage> =>
    createGovernStage({
      ...{ actions: [erased(made.action)], offers: { close: [[CLOSE, thing('invoices')]] } },
      ...{ recheckMs: 0, chase: {}, directory, startAt: at, settings: usual },
      ...options,
      settings: { ...usual, ...options.settings },
    });
  let stage = await begin();
  const theCase = async ({ id }: Case): Promise<Case> => {
    const found = await stage.store.readCase(id);
    assert.ok(found);
    return found;
  };
  const reboot = async (): Promise<void> => {
    at = stage.clock.at;
    sent.push(...stage.cards);
    await stage.close();
    stage = await begin();
  };
  return {
    made,
    get stage() {
      return stage;
    },
    get cards() {
      return [...sent, ...stage.cards];
    },
    theCase,
    reboot,
    async open(severity, asking = {}, over = {}) {
      const about = await stage.open({
        severity,
        policy: { ...aCase().policy, asking: { ...DEFAULT_ASKING, ...asking } },
        ...over,
      });
      return stage.run(about);
    },
    async pass(about, ms, rebooting = false) {
      const end = stage.clock.at + ms;
      for (let rounds = 0; ; rounds++) {
        assert.ok(rounds < 5_000, 'never comes to an end');
        const due = await stage.store.nextDueInMs();
        if (due === null || stage.clock.at + due > end) break;
        stage.clock.at += Math.max(0, due);
        if (rebooting) await reboot();
        await stage.run(about);
      }
      stage.clock.at = end;
      return theCase(about);
    },
    async close() {
      await stage.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
