// What may come of a question that nobody answered: what the policy or the settings wish for, bounded. Pure; in doubt, people are asked.

import type { OnTimeOut } from '../case/asking.ts';
import { type Case, SYSTEM } from '../case/case.ts';
import type { PlannedOffer, Question } from '../case/question.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { openSignatures } from '../case/signed.ts';
import { targetKey } from '../case/target.ts';
import { MOST_VOIDS } from '../case/voids.ts';

export type Asked = Pick<Question, 'approver' | 'offers' | 'twoPeople'>;

/** The policy's wish, else the operator's for the severity; `escalate` where either goes beyond what silence may do. */
export function onSilence(about: Case, asked: Asked, settings: OperatorSettings): OnTimeOut {
  const wish = about.policy.asking?.onTimeOut ?? settings.asking.patience[about.severity].onTimeOut;
  if (wish === 'dismiss') return mayDismiss(about, asked) ? 'dismiss' : 'escalate';
  // The silence of the person in question is nobody's word: the manager is asked first, and has the time that they have.
  if (asked.approver.kind === 'subject') return 'escalate';
  if (wish === 'contain') return containingOffer(about, asked, settings) ? 'contain' : 'escalate';
  return 'escalate';
}

/** Never above low severity, nor over anybody's word, nor while something of ours stands. What the security team is asked is not lost. */
function mayDismiss(about: Case, { approver }: Asked): boolean {
  const { severity, decisions, decidedBefore = 0, statements = [] } = about;
  return (
    (severity === 'low' || severity === 'informational') &&
    approver.kind === 'person' &&
    about.toSecurity === null &&
    about.containedFirst === undefined &&
    decisions.length <= decidedBefore &&
    statements.every(({ was }) => was === 'me')
  );
}

/** The offer that may be carried out before anybody has answered; null where there is none, or it was tried already. */
export function containingOffer(about: Case, asked: Asked, settings: OperatorSettings): PlannedOffer | null {
  const offer = asked.offers.find(({ key }) => key === about.policy.asking?.contain);
  if (!offer || offer.actions.length === 0 || hasContained(about)) return null;
  // Two people are what it takes: nobody at all is not enough. Nor is silence the second of two.
  if (asked.twoPeople !== undefined || openSignatures(about).length > 0) return null;
  const targets = new Set(offer.actions.map(({ target }) => targetKey(target)));
  if (targets.size > settings.asking.quorum.targets) return null;
  const mayBe = offer.actions.every(
    ({ action, nature, undo }) =>
      undo.possible && nature === undefined && settings.asking.containFirst.includes(action),
  );
  return mayBe ? offer : null;
}

/** Once a case, whatever came of it: what was void before it began was not tried. */
function hasContained(about: Case): boolean {
  const { containedFirst, decisions } = about;
  if (containedFirst) return true;
  const earlier = wasVoid(about) ? decisions.slice(0, -1) : decisions;
  return earlier.some(({ by, verb }) => by.id === SYSTEM.id && verb === 'approve');
}

/** The world had changed before what silence decided could be done, and it is asked anew. */
export function wasVoid({ decisions, voids = 0 }: Case): boolean {
  const last = decisions.at(-1);
  return last?.verb === 'approve' && last.by.id === SYSTEM.id && voids > 0 && voids < MOST_VOIDS;
}
