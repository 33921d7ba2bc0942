// Turns an authorised answer into the case's one decision, in one transaction: the first wins, the rest are told who.
// Nothing outside is called here; the steps that the claim creates do the work.

import type { Actor, Case, Decision, Run } from '../case/case.ts';
import { CountersignError } from '../case/errors.ts';
import type { CaseId } from '../case/ids.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { targetKey, targetLabel } from '../case/target.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { Answer } from '../ports/answer.ts';
import type { CaseStore, NewStep, StoreTransaction } from '../ports/case-store.ts';
import type { ChatActor } from '../ports/chat.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition, type Transition } from '../ports/commit-transition.ts';
import type { Ids } from '../ports/ids.ts';
import { type ActorFacts, authorise, needsSecondSignature } from './authorise.ts';

export interface DecideParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly settings: OperatorSettings;
  /** The cap of an action in runs an hour. */
  capOf(action: string): number;
  /** Whether this run can be put back. */
  canUndo(run: Run): boolean;
}

export type Claim =
  | { readonly kind: 'decided'; readonly about: Case }
  | {
      readonly kind: 'refused';
      readonly about: Case | null;
      readonly code: string;
      readonly say: string;
      readonly mayLook: boolean;
    };

/** Decides, or says why not. Refusals are audited on the case. */
export async function claim(
  id: CaseId,
  answer: Answer,
  actor: ChatActor,
  parts: DecideParts,
): Promise<Claim> {
  try {
    return await parts.store.transact((tx) => claimInside(tx, id, answer, actor, parts));
  } catch (error) {
    // A hold or a cap that was refused takes the whole claim back with it; the refusal itself is still recorded.
    if (!(error instanceof ClaimRefused)) throw error;
    return parts.store.transact(async (tx) => {
      const about = await tx.lockCase(id);
      return refuse(tx, about, answer, actor, { code: error.code, say: error.say, mayLook: true });
    });
  }
}

class ClaimRefused extends CountersignError {}

async function claimInside(
  tx: StoreTransaction,
  id: CaseId,
  answer: Answer,
  actor: ChatActor,
  parts: DecideParts,
): Promise<Claim> {
  const about = await tx.lockCase(id);
  if (!about)
    return {
      kind: 'refused',
      about: null,
      code: 'decide.no-case',
      say: 'There is no such case.',
      mayLook: false,
    };
  const facts: ActorFacts = { isSubjectElsewhere: await tx.isSubjectOfOpenCase(actor.id, id) };
  const ruling = authorise(about, answer, actor, facts, parts.settings);
  if (ruling.kind === 'refused') return refuse(tx, about, answer, actor, ruling);

  const decision: Decision = {
    verb: answer.verb,
    by: personOf(actor),
    at: isoTime(parts.clock),
    ...(answer.offer && answer.verb === 'approve' && { offer: answer.offer }),
    ...(answer.comment && { comment: answer.comment }),
  };
  const change = {
    approve: () => approve(tx, about, decision, parts),
    dismiss: async () => dismiss(about, decision, needsSecondSignature(about, actor)),
    escalate: async () => escalate(about, decision),
    undo: () => requestUndo(tx, about, parts),
  }[answer.verb];
  const transition = await change();
  const next = await commitTransition(tx, about, {
    at: decision.at,
    note: {
      kind: `decision.${answer.verb}`,
      actor: decision.by,
      facts: {
        verb: answer.verb,
        offer: decision.offer ?? null,
        question: about.question?.id ?? null,
        role: ruling.role,
      },
      ...(decision.comment && { personal: { comment: decision.comment } }),
    },
    ...transition,
    patch: { ...transition.patch, decisions: [...about.decisions, decision] },
  });
  return { kind: 'decided', about: next };
}

type Change = Pick<Transition, 'event' | 'patch' | 'steps' | 'cancel'>;

async function approve(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  parts: DecideParts,
): Promise<Change> {
  const offer = about.question?.offers.find((one) => one.key === decision.offer);
  if (!offer) throw new ClaimRefused('decide.not-offered', 'offer vanished', { say: 'That choice is gone.' });
  const earlier = (await tx.runsOf(about.id)).length;
  const runs: Run[] = offer.actions.map((planned, index) => ({
    id: parts.ids.runId(),
    caseId: about.id,
    position: earlier + index,
    action: planned.action,
    target: planned.target,
    state: 'pending',
    before: null,
    after: null,
    requestIds: [],
    says: null,
    verifiedAt: null,
  }));
  for (const run of runs) {
    await hold(tx, about, run);
    if (!(await tx.reserveSlot(run.action, parts.capOf(run.action))))
      throw new ClaimRefused('decide.cap-reached', `cap of ${run.action} is used up`, {
        say: `The limit of ${parts.capOf(run.action)} of these an hour is reached. Nothing was changed; try again after the full hour, or hand this to the security team.`,
      });
    await tx.saveRun(run);
  }
  const first = runs[0];
  return {
    event: 'approved',
    // From here on, later matches open a case of their own.
    patch: { groupKey: `${about.groupKey}|claimed:${about.id}`, outcome: [] },
    steps: first ? [{ kind: 'act', key: first.id }] : [],
  };
}

function dismiss(about: Case, decision: Decision, second: boolean): Change {
  if (!second)
    return {
      event: 'dismissed',
      patch: { outcome: ['Nothing was changed.'] },
      steps: writeBackSteps(about, { kind: 'dismissed', says: [], decision }),
    };
  const why = `${decision.by.name} says that this was expected. From high severity a second person confirms it.`;
  return {
    event: 'escalated',
    patch: { toSecurity: why },
    steps: [
      { kind: 'route', key: '' },
      ...writeBackSteps(about, {
        kind: 'second-signature',
        says: ['The severity is high, so it stays in progress until the security team confirms it.'],
        decision,
      }),
    ],
  };
}

function escalate(about: Case, decision: Decision): Change {
  return {
    event: 'escalated',
    patch: { toSecurity: `${decision.by.name} handed this to the security team.` },
    steps: [{ kind: 'route', key: '' }, ...writeBackSteps(about, { kind: 'escalated', says: [], decision })],
  };
}

async function requestUndo(tx: StoreTransaction, about: Case, parts: DecideParts): Promise<Change> {
  if (parts.settings.governance.dryRun)
    throw new ClaimRefused('decide.dry-run', 'undo changes the world', {
      say: 'This is a dry run, so nothing is undone either.',
    });
  const runs = (await tx.runsOf(about.id)).filter((run) => parts.canUndo(run));
  const last = runs.toSorted((a, b) => b.position - a.position)[0];
  if (!last)
    throw new ClaimRefused('decide.nothing-to-undo', 'no run can be put back', {
      say: 'Nothing that was done in this case can be undone.',
    });
  for (const run of runs) {
    await hold(tx, about, run);
    const other = await tx.caseRelyingOn(run);
    if (other)
      throw new ClaimRefused('decide.relied-on', `${targetKey(run.target)} is relied on by case ${other}`, {
        say: `Case ${other} relies on ${targetLabel(run.target)} staying as it is, so this was not undone. Undo that one first.`,
      });
  }
  const steps: readonly NewStep[] = [{ kind: 'revert', key: last.id }];
  return { event: 'undo-requested', steps };
}

async function hold(tx: StoreTransaction, about: Case, run: Run): Promise<void> {
  if (await tx.holdTarget(targetKey(run.target), about.id)) return;
  throw new ClaimRefused('decide.target-held', `${targetKey(run.target)} is held by another case`, {
    say: 'Another case is changing the same thing right now. Nothing was changed; press again in a minute.',
  });
}

async function refuse(
  tx: StoreTransaction,
  about: Case | null,
  answer: Answer,
  actor: ChatActor,
  ruling: { readonly code: string; readonly say: string; readonly mayLook: boolean },
): Promise<Claim> {
  if (about)
    await tx.audit(about.id, {
      kind: 'decision.refused',
      actor: personOf(actor),
      facts: { code: ruling.code, verb: answer.verb },
    });
  return { kind: 'refused', about, code: ruling.code, say: ruling.say, mayLook: ruling.mayLook };
}

const personOf = (actor: ChatActor): Actor => ({ kind: 'person', id: actor.id, name: actor.name });
