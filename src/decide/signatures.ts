// How many different people an answer takes, why, and whether that many have said so. Pure: asked of the locked case at the claim.
import { isAtLeast } from '../case/alert.ts';
import { peopleAtStake } from '../case/behind-target.ts';
import type { Case, Decision } from '../case/case.ts';
import { peopleAsked } from '../case/enough.ts';
import { askedOf, isWithSecurity, type PlannedOffer } from '../case/question.ts';
import { distinctSaid, type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { doDiffer, independentOf, isSameAnswer, offerSaid } from '../case/signed.ts';
import { targetKey } from '../case/target.ts';

/** One reason why it takes several people. */
export interface Reason {
  readonly people: number;
  /** One of them has to be of the security team. */
  readonly security?: true;
  /** A sentence. */
  readonly says: Said;
}

export type Weighed =
  /** The answer takes effect. `agreeing`: what the others said. */
  | { readonly kind: 'enough'; readonly agreeing: readonly Decision[] }
  /** Nobody signs twice. */
  | { readonly kind: 'signed-already'; readonly why: Said }
  | {
      readonly kind: 'signature';
      /** How many more, and why. */
      readonly awaits: Said;
      /** Who is to say the rest: those who were asked; the security team as well; or, from now on, the security team. */
      readonly by: 'asked' | 'security-besides' | 'security';
      /** Those who were asked and do not agree, a sentence. */
      readonly differ?: Said;
      /** Fewer people are left who could say the rest than it takes: an administrator has to know. */
      readonly tooFew?: true;
    };

export const LETS_IN = say('decide.lets-in');

/**
 * Why the answer takes more than one person. `signatures`: what everybody has said so far. Of what is only tried in a dry run the
 * question's own rule alone holds: there is nothing to guard. "Expected" ends the case, and keeps others quiet, all the same.
 */
export function reasonsFor(
  about: Case,
  decision: Decision,
  signatures: readonly Decision[],
  settings: OperatorSettings,
  { isDryRun = false, undoLetsIn = false } = {},
): readonly Reason[] {
  // Whose word it takes says nothing about what is done because nobody answered.
  const isFree = decision.by.kind === 'system' || decidesDispute(decision, signatures, settings);
  const rule = isFree ? [] : ruleReasons(about);
  return isDryRun && decision.verb === 'approve'
    ? rule
    : [...rule, ...guardReasons(about, decision, undoLetsIn, settings)];
}

function ruleReasons({ question }: Case): readonly Reason[] {
  if (!question?.rule) return [];
  switch (question.rule.kind) {
    case 'first':
      return [];
    case 'everyone': {
      const people = question.needs ?? peopleAsked(question);
      const says =
        people < peopleAsked(question)
          ? say('decide.takes-people', { people })
          : say('decide.takes-everybody');
      return people > 1 ? [{ people, says }] : [];
    }
    case 'quorum': {
      const people = question.rule.of;
      return people > 1 ? [{ people, says: say('decide.takes-people', { people }) }] : [];
    }
    case 'sequence':
      return [
        {
          people: 2,
          security: true,
          says: say('decide.takes-security-after'),
        },
      ];
  }
}

function guardReasons(
  about: Case,
  { verb, offer }: Decision,
  undoLetsIn: boolean,
  settings: OperatorSettings,
): readonly Reason[] {
  const two = (says: Said): Reason => ({ people: 2, says });
  const twoPeople = about.question?.twoPeople;
  if (verb === 'dismiss' || verb === 'undo')
    return [
      ...(isAtLeast(about.severity, 'high') ? [two(say('decide.takes-two-high'))] : []),
      // "Expected" puts back what was contained before anybody had answered.
      ...(undoLetsIn && (verb === 'undo' || about.containedFirst) ? [two(LETS_IN)] : []),
    ];
  if (verb === 'keep') return twoPeople ? [two(twoPeople)] : [];
  const chosen = about.question?.offers.find(({ key }) => key === offer);
  if (verb !== 'approve' || !chosen) return [];
  const most = settings.asking.quorum.targets;
  return [
    ...(twoPeople && isDestructive(chosen) ? [two(twoPeople)] : []),
    ...(changedBy(chosen) > most ? [two(say('decide.takes-two-many', { most }))] : []),
    ...(chosen.actions.some(({ nature }) => nature === 'lets-in') ? [two(LETS_IN)] : []),
  ];
}

/** It does more than ask or tell somebody something. */
export const isDestructive = ({ actions }: PlannedOffer): boolean =>
  actions.some(({ nature }) => nature !== 'informs');

const changedBy = ({ actions }: PlannedOffer): number =>
  new Set(actions.filter(({ nature }) => nature !== 'informs').map(({ target }) => targetKey(target))).size;

/** Others do not agree, and somebody of the security team who has not said anything yet decides. */
const decidesDispute = (
  { by }: Decision,
  signatures: readonly Decision[],
  { security }: OperatorSettings,
): boolean =>
  security.members.some((id) => id === by.id) &&
  !signatures.some((one) => one.by.id === by.id) &&
  doDiffer(signatures);

/** `signatures`: what everybody has said so far, of those whose word still counts. */
export function weigh(
  about: Case,
  decision: Decision,
  signatures: readonly Decision[],
  reasons: readonly Reason[],
  settings: OperatorSettings,
): Weighed {
  const ofOthers = signatures.filter(({ by }) => by.id !== decision.by.id);
  const same = ofOthers.filter((one) => isSameAnswer(one, decision));
  const agreeing = independentOf(about, [decision, ...same]).filter((one) => one !== decision);
  const signers: readonly string[] = [decision, ...agreeing].flatMap(({ by }) =>
    by.kind === 'person' ? [by.id] : [],
  );
  const isMember = (id: string): boolean => settings.security.members.some((member) => member === id);
  const people = Math.max(...[decision.by.kind === 'person' ? 1 : 0, ...reasons.map((one) => one.people)]);
  const lacksSecurity = reasons.some(({ security }) => security) && !signers.some(isMember);
  const missing = Math.max(people - signers.length, lacksSecurity ? 1 : 0);
  if (missing === 0) return { kind: 'enough', agreeing };
  const open = reasons.filter((one) => one.people > signers.length || (one.security && lacksSecurity));
  const signed = [decision, ...agreeing];
  const others = whoElse(about, signed, settings);
  const isTooFew = others.length < missing || (lacksSecurity && !others.some(isMember));
  const why = [
    ...distinctSaid(open.map(({ says }) => says)),
    ...(agreeing.length < same.length ? [AS_ONE] : []),
    ...(isTooFew ? [TOO_FEW] : []),
  ];
  if (signatures.some((one) => one.by.id === decision.by.id && isSameAnswer(one, decision)))
    return { kind: 'signed-already', why: sentences(why) };
  const awaits = sentences([say('decide.more-people', { missing }), ...why]);
  const differing = ofOthers.find((one) => !isSameAnswer(one, decision));
  const signature = { kind: 'signature', awaits, ...(isTooFew && { tooFew: true as const }) } as const;
  if (decision.verb === 'undo') return { ...signature, by: 'asked' };
  const asked = about.question ? askedOf(about.question) : [];
  const isWithSecurityAlone = asked.every((one) => one.kind === 'security' || isMember(one.id));
  if (differing) {
    const differ = differWords(about, differing, decision);
    return { ...signature, differ, by: isWithSecurityAlone ? 'asked' : 'security' };
  }
  if (about.question && isWithSecurity(about.question)) return { ...signature, by: 'asked' };
  const left = asked.flatMap((one) =>
    one.kind === 'person' && isBesides(about, signed, one.id) ? [one.id] : [],
  );
  if (lacksSecurity) return { ...signature, by: left.some(isMember) ? 'asked' : 'security' };
  if (left.length >= missing) return { ...signature, by: 'asked' };
  return { ...signature, by: left.length > 0 ? 'security-besides' : 'security' };
}

const TOO_FEW = say('decide.too-few');

/** Everybody of those asked, and of the security team, whose word would be one more and who has no part in it. */
function whoElse(about: Case, signed: readonly Decision[], settings: OperatorSettings): readonly string[] {
  const { subject, named, hint, question } = about;
  const parts = [
    ...[...named, ...(subject ? [subject.id] : []), ...(hint.kind === 'entra' ? [hint.id] : [])],
    ...peopleAtStake(about, question?.offers ?? [], settings.aws),
  ].map((one) => one.toLowerCase());
  const asked = (question ? askedOf(question) : []).flatMap((one) => (one.kind === 'person' ? [one.id] : []));
  return [...new Set<string>([...asked, ...(question?.late ?? []), ...settings.security.members])].filter(
    (id) => !parts.includes(id.toLowerCase()) && isBesides(about, signed, id),
  );
}

const AS_ONE = say('decide.count-as-one');

/** Their word would be one more. */
const isBesides = (about: Case, signed: readonly Decision[], id: string): boolean =>
  !signed.some(({ by }) => by.id === id) &&
  independentOf(about, [
    ...signed.map(({ by }) => ({ by })),
    { by: { kind: 'person' as const, id, name: '' } },
  ]).length > signed.length;

const differWords = (about: Case, one: Decision, other: Decision): Said =>
  sentences([answerSentence(about, one), answerSentence(about, other), say('decide.do-not-agree')]);

/** `Morgan Reyes chose "Make it private".` */
export function answerSentence(about: Case, decision: Decision): Said {
  const { verb, until } = decision;
  const { name } = decision.by;
  if (verb === 'dismiss')
    return until
      ? say('decide.says-expected-until', { name, until: { time: until, dated: true } })
      : say('decide.says-expected', { name });
  if (verb === 'keep') return say('decide.says-keep', { name });
  if (verb === 'undo') return say('decide.chose-undo', { name });
  return say('decide.chose', { name, offer: offerSaid(about, decision.offer) });
}
