// Turns an authorised answer into the case's one decision, in one transaction: the first wins, the rest are told who.
// Nothing outside is called here; the steps that the claim creates do the work.

import type { Actor, Case, Decision } from '../case/case.ts';
import type { CaseId } from '../case/ids.ts';
import { type Said, say } from '../case/said.ts';
import type { Answer } from '../ports/answer.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import type { ChatActor } from '../ports/chat.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import { dismiss, escalate, keep } from './answers.ts';
import { approve } from './approve.ts';
import { type ActorFacts, authorise, type Role } from './authorise.ts';
import { ruleComment } from './comment.ts';
import { correct } from './correct.ts';
import { endExpected } from './expected-until.ts';
import { ruleFreshSignIn, takesFreshSignIn } from './fresh-sign-in.ts';
import { type LookedUp, lookUp } from './look-up.ts';
import { type Change, ClaimRefused, type DecideParts } from './parts.ts';
import { reassign } from './reassign.ts';
import { requestUndo } from './request-undo.ts';

export type Claim =
  | { readonly kind: 'decided'; readonly about: Case }
  | {
      readonly kind: 'refused';
      readonly about: Case | null;
      readonly code: string;
      readonly say: Said;
      readonly mayLook: boolean;
      /** Where the person who answered can sign in afresh, for what takes that. */
      readonly signInUrl?: string;
    };

export const NO_SUCH_CASE: Claim = {
  kind: 'refused',
  about: null,
  code: 'decide.no-case',
  say: say('decide.no-such-case'),
  mayLook: false,
};

/** Decides, or says why not. Refusals are audited on the case. */
export async function claim(
  id: CaseId,
  answer: Answer,
  actor: ChatActor,
  parts: DecideParts,
): Promise<Claim> {
  const looked = await lookUp(await parts.store.readCase(id), answer, actor, parts);
  try {
    return await parts.store.transact((tx) => claimInside(tx, id, answer, actor, looked, parts));
  } catch (error) {
    // A hold or a cap that was refused takes the whole claim back with it; the refusal itself is still recorded.
    if (!(error instanceof ClaimRefused)) throw error;
    return parts.store.transact(async (tx) => {
      const about = await tx.lockCase(id);
      return refuse(tx, about, answer, actor, { code: error.code, say: error.say, mayLook: true });
    });
  }
}

async function claimInside(
  tx: StoreTransaction,
  id: CaseId,
  answer: Answer,
  actor: ChatActor,
  looked: LookedUp,
  parts: DecideParts,
): Promise<Claim> {
  const about = await tx.lockCase(id);
  if (!about) return NO_SUCH_CASE;
  const isSubjectElsewhere = await tx.isSubjectOfOpenCase(actor.id, id);
  const { isAtRisk, account } = looked;
  const facts: ActorFacts = { isSubjectElsewhere, isAtRisk, account };
  const ruling = authorise(about, answer, actor, facts, parts.settings);
  if (ruling.kind === 'refused') return refuse(tx, about, answer, actor, ruling);
  const wordless = ruleComment(about, answer);
  if (wordless) return refuse(tx, about, answer, actor, wordless);
  const signedInAt = takesFreshSignIn(about, answer) ? await tx.signIns.latest(actor.id) : null;
  const stale = ruleFreshSignIn(
    about,
    answer,
    { signedInAt, nowMs: parts.clock.now() },
    { freshSignInMs: parts.settings.asking.freshSignInMs, page: parts.signInPage ?? null },
  );
  if (stale) return refuse(tx, about, answer, actor, stale);

  const answered: Decision = {
    verb: answer.verb,
    by: personOf(actor),
    at: isoTime(parts.clock),
    ...(answer.offer && answer.verb === 'approve' && { offer: answer.offer }),
    ...(answer.comment && { comment: answer.comment }),
    ...(answer.until && answer.verb === 'dismiss' && { until: answer.until }),
    ...(answer.anyway && answer.verb === 'undo' && { anyway: true }),
  };
  const { decision: besides, ...change } = await changeFor(
    tx,
    about,
    answered,
    { ...looked, role: ruling.role },
    { ...parts, signers: looked.signers },
  );
  const decision: Decision = { ...answered, ...besides };
  if (contradicts(about, decision)) await endExpected(tx, about, decision.by, decision.at, 'person');
  const next = await commitTransition(tx, about, {
    at: decision.at,
    note: {
      kind: `decision.${decision.verb}`,
      actor: decision.by,
      facts: {
        verb: decision.verb,
        offer: decision.offer ?? null,
        question: about.question?.id ?? null,
        role: ruling.role,
        ...(signedInAt && { signedInAt }),
        // It decides nothing yet, and must not read in the trail as if it did.
        ...(decision.awaits && { awaits: true }),
        ...(decision.anyway && { anyway: true }),
        ...(about.question?.dryRun && { dryRun: true }),
      },
      ...((decision.comment || decision.awaits || decision.to) && {
        personal: {
          ...(decision.comment && { comment: decision.comment }),
          ...(decision.awaits && { awaits: decision.awaits }),
          ...(decision.to && { to: { ...decision.to } }),
        },
      }),
    },
    ...change,
    patch: { ...change.patch, decisions: [...about.decisions, decision] },
  });
  return { kind: 'decided', about: next };
}

/** Whoever is shut out is expected to do nothing any more. */
function contradicts({ question }: Case, { verb, offer, awaits }: Decision): boolean {
  if (verb === 'keep') return !awaits;
  const chosen = question?.offers.find(({ key }) => key === offer);
  return verb === 'approve' && !awaits && !!chosen?.actions.some(({ nature }) => nature === undefined);
}

type Looked = LookedUp & { readonly role: Role };

function changeFor(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  { role, found }: Looked,
  parts: DecideParts,
): Change | Promise<Change> {
  switch (decision.verb) {
    case 'approve':
      return approve(tx, about, decision, parts);
    case 'dismiss':
      return dismiss(tx, about, decision, parts);
    case 'keep':
      return keep(tx, about, decision, parts);
    case 'escalate':
      return escalate(about, decision);
    case 'reassign':
      return reassign(tx, about, decision, found, parts);
    case 'undo':
      return requestUndo(tx, about, decision, parts);
    case 'correct':
      return correct(tx, about, decision, role, parts);
  }
}

export async function refuse(
  tx: StoreTransaction,
  about: Case | null,
  { verb }: { readonly verb: string },
  actor: ChatActor,
  ruling: Omit<Extract<Claim, { kind: 'refused' }>, 'kind' | 'about'>,
): Promise<Claim> {
  if (about)
    await tx.audit(about.id, {
      kind: 'decision.refused',
      actor: personOf(actor),
      facts: { code: ruling.code, verb },
    });
  const { code, mayLook, signInUrl } = ruling;
  return { kind: 'refused', about, code, say: ruling.say, mayLook, ...(signInUrl && { signInUrl }) };
}

export const personOf = (actor: ChatActor): Actor => ({ kind: 'person', id: actor.id, name: actor.name });
