// `countersign cases`: a line a case, newest first.
import { Command, InvalidArgumentError } from 'commander';
import { type Case, isMonitored } from '../case/case.ts';
import type { Run } from '../case/run.ts';
import { targetLabel } from '../case/target.ts';
import { createEnglish } from './in-english.ts';
import { withStore } from './open-store.ts';
import { print } from './output.ts';

export const createCasesCommand = (): Command =>
  new Command('cases')
    .description('list the cases, newest first')
    .option('--json', 'one JSON object a line')
    .option('--limit <n>', 'at most so many', parseLimit, 50)
    .action(async (options: { json?: boolean; limit: number }) =>
      withStore(async (store) => {
        const inEnglish = createEnglish();
        for (const one of await store.listCases({ limit: options.limit }))
          print(options.json ? inEnglish(lineOf(one, await store.runsOf(one.id))) : textOf(one));
      }),
    );

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('A whole number from 1 on.');
  return limit;
}

/** `approver` is who was asked; `wouldAsk` who would have been, where the policy only watches. */
function lineOf(one: Case, runs: readonly Run[]): object {
  const monitored = isMonitored(one);
  return {
    case: one.ref,
    id: one.id,
    state: one.state,
    version: one.version,
    policy: one.policy.id,
    severity: one.severity,
    title: one.title,
    subject: one.subject?.userPrincipalName ?? null,
    targets: one.targets.map(targetLabel),
    deeds: (one.deeds ?? []).map(({ says }) => says),
    moreDeeds: one.moreDeeds ?? 0,
    stage: one.policy.stage ?? 'ask',
    dryRun: one.question?.dryRun ?? false,
    approver: monitored ? null : approverOf(one),
    wouldAsk: monitored ? approverOf(one) : null,
    reason: one.question?.reason ?? null,
    question: one.question?.id ?? null,
    offers: one.question?.offers.map((offer) => offer.key) ?? [],
    withheld: one.question?.withheld ?? [],
    decisions: one.decisions.map(({ verb, offer, by, at }) => ({
      verb,
      offer: offer ?? null,
      by: by.name,
      at,
    })),
    runs: runs.map(({ action, target, state, says }) => ({
      action,
      target: targetLabel(target),
      state,
      says,
    })),
    outcome: one.outcome,
    seen: one.seen,
    repeats: one.repeats ?? 0,
    openedAt: one.openedAt,
    updatedAt: one.updatedAt,
  };
}

function approverOf(one: Case): string | null {
  const approver = one.question?.approver;
  return approver?.kind === 'person' ? approver.name : (approver?.kind ?? null);
}

const textOf = (one: Case): string =>
  [
    one.ref,
    one.state.padEnd(10),
    one.severity.padEnd(8),
    one.openedAt.slice(0, 16),
    one.policy.title,
    ...(one.question?.dryRun ? ['(dry run)'] : []),
    ...(isMonitored(one) && one.question ? [`(would have asked: ${approverOf(one)})`] : []),
  ].join('  ');
