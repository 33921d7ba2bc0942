// The security role has an action offered that the policy does not offer: it is planned and shown like any other, in a new
// question. Whether it is possible at all is for the plan to say, on the card.
import { peopleBehind } from '../case/behind-target.ts';
import type { Case } from '../case/case.ts';
import type { CaseId } from '../case/ids.ts';
import { numberOf, type Proposal, proposalKey } from '../case/proposal.ts';
import { type Said, say } from '../case/said.ts';
import { type Target, targetKey } from '../case/target.ts';
import { kindSaid, targetSaid } from '../case/target-words.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import type { ChatActor } from '../ports/chat.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import { AT_STAKE, authoriseProposal } from './authorise.ts';
import { type Claim, NO_SUCH_CASE, personOf, refuse } from './claim.ts';
import type { DecideParts } from './parts.ts';

/** A card shows every offer: more of them than this nobody reads. What turned out not to be possible does not count. */
const MOST_PROPOSALS = 5;

/** Those that the question offers; all of them where it was not asked yet. */
function possible({ proposals = [], question }: Case): readonly Proposal[] {
  const isOffered = (key: string): boolean => !question || question.offers.some((one) => one.key === key);
  return proposals
    .map((one, index) => ({ ...one, number: numberOf(one, index) }))
    .filter((one, index) => isOffered(proposalKey(one, index)));
}

export type Wanted = Pick<Proposal, 'action' | 'target'>;

export interface ProposeParts extends Pick<DecideParts, 'store' | 'clock' | 'settings'> {
  /** Null where there is no such action. */
  describeAction(action: string): {
    readonly title: Said;
    readonly targetKind: Target['kind'];
    readonly alsoOn?: Target['kind'];
  } | null;
}

/** Asks anew with the action among the offers, or says why not. Refusals are audited on the case. */
export function propose(id: CaseId, wanted: Wanted, actor: ChatActor, parts: ProposeParts): Promise<Claim> {
  return parts.store.transact(async (tx) => {
    const about = await tx.lockCase(id);
    if (!about) return NO_SUCH_CASE;
    // Somebody else decides on what is proposed.
    const facts = { isSubjectElsewhere: await tx.isSubjectOfOpenCase(actor.id, id), isAtRisk: null };
    const ruling = authoriseProposal(about, actor, facts, parts.settings);
    const refused =
      ruling.kind === 'refused'
        ? ruling
        : (ofTheirOwn(wanted, actor, parts) ?? notPossible(about, wanted, parts));
    if (refused) return refuse(tx, about, { verb: 'propose' }, actor, refused);
    return { kind: 'decided', about: await commit(tx, about, wanted, actor, parts) };
  });
}

/** Known by their id: whoever the settings know by principal name is found out when the question is asked, and cannot answer it. */
const ofTheirOwn = ({ target }: Wanted, actor: ChatActor, { settings }: ProposeParts) =>
  peopleBehind(target, settings.aws).includes(actor.id)
    ? { code: 'decide.conflict', say: AT_STAKE, mayLook: true }
    : null;

const isSame = (wanted: Wanted) => (one: Proposal) =>
  one.action === wanted.action && targetKey(one.target) === targetKey(wanted.target);

function notPossible(about: Case, wanted: Wanted, { describeAction }: ProposeParts) {
  const action = describeAction(wanted.action);
  const proposals = possible(about);
  if (!action) return { code: 'decide.unknown-action', say: say('decide.no-such-action'), mayLook: true };
  if (action.targetKind !== wanted.target.kind && action.alsoOn !== wanted.target.kind)
    return {
      code: 'decide.wrong-target',
      say: say('decide.wrong-kind', { action: action.title, kind: kindSaid(wanted.target.kind) }),
      mayLook: true,
    };
  const known = proposals.some(isSame(wanted));
  if (known && about.state === 'asking')
    return {
      code: 'decide.proposed-already',
      say: say('decide.proposed-already'),
      mayLook: true,
    };
  if (!known && proposals.length >= MOST_PROPOSALS)
    return {
      code: 'decide.too-many-proposals',
      say: say('decide.most-proposals', { most: MOST_PROPOSALS }),
      mayLook: true,
    };
  return null;
}

function commit(
  tx: StoreTransaction,
  about: Case,
  { action, target }: Wanted,
  actor: ChatActor,
  { clock, settings, describeAction }: ProposeParts,
): Promise<Case> {
  const at = isoTime(clock);
  const by = personOf(actor);
  const proposals = possible(about);
  const why = say('decide.proposes', {
    ...{ name: by.name, action: describeAction(action)?.title ?? action, target: targetSaid(target) },
  });
  const isNew = !proposals.some(isSame({ action, target }));
  // Never used twice: what was decided about a number stays about that.
  const number = 1 + Math.max(0, ...(about.proposals ?? []).map(numberOf));
  const isReopened = about.state !== 'asking';
  return commitTransition(tx, about, {
    event: 'proposed',
    at,
    patch: {
      // Where nothing needs the room, all of them stay: they tell which numbers were used.
      proposals: isNew ? [...proposals, { number, action, target, by, at }] : (about.proposals ?? []),
      // From here on, whatever becomes of the proposal: who is behind it does not undo what others decided either.
      named: [...new Set([...about.named, ...peopleBehind(target, settings.aws)])],
      toSecurity: why,
      // What was decided of a question that is over says nothing about this one: it takes both signatures again.
      ...(isReopened && { decidedBefore: about.decisions.length }),
    },
    cancel: ['ask'],
    steps: [
      { kind: 'route', key: '' },
      ...(isReopened ? writeBackSteps(about, { kind: 'escalated', says: [why] }) : []),
    ],
    note: {
      kind: 'case.proposed',
      actor: by,
      facts: { action, targetKind: target.kind },
      personal: { target: { ...target } },
    },
  });
}
