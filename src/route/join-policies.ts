// Two policies as one: what either offers, and an answer as the stricter of the two takes it. What cannot be said of both at once is
// never given up: then they are asked about apart. Pure.
import type { AnswerRule, Asking, AskingSettings, OnTimeOut } from '../case/asking.ts';
import { DEFAULT_ASKING } from '../case/asking.ts';
import type { Case } from '../case/case.ts';
import type { Offer } from '../case/policy.ts';

type Policy = Pick<Case['policy'], 'offers' | 'asking'>;

/** `usual`: what the settings let come of silence where a policy does not say. Null: they ask differently. */
export function joinPolicies(
  one: Policy,
  other: Policy,
  usual: OnTimeOut,
): { readonly offers: readonly Offer[]; readonly asking: Asking } | null {
  const { offers, keyOf } = joinOffers(one.offers, other.offers);
  const { contain, ...wishes } = other.asking ?? DEFAULT_ASKING;
  const asking = strictest(one.asking, { ...wishes, contain: contain && keyOf(contain) }, usual);
  return asking && { offers, asking };
}

/** Both ask the same people: nobody is asked in another's place. */
export function isOfSamePeople(one: Policy, other: Policy): boolean {
  const [first, second] = [one, other].map(({ asking }) =>
    [...new Set(asking?.approvers.map((name) => name.toLowerCase()))].sort().join('\n'),
  );
  return first === second;
}

/** It is done before anybody has answered, where nobody does: as far as the policy and the settings alone can tell. */
export function mayBeContained(
  { policy, severity }: Pick<Case, 'policy' | 'severity'>,
  { patience, containFirst }: Pick<AskingSettings, 'patience' | 'containFirst'>,
): boolean {
  const { contain = null, onTimeOut = patience[severity].onTimeOut } = policy.asking ?? {};
  const offer = policy.offers.find(({ key }) => key === contain);
  if (onTimeOut !== 'contain' || !offer || offer.actions.length === 0) return false;
  return offer.actions.every((action) => containFirst.includes(action));
}

/** The same key for something else gets a number: a line that somebody types must mean one thing. */
function joinOffers(first: readonly Offer[], second: readonly Offer[]) {
  const offers = [...first];
  const keys = new Map<string, string>();
  for (const offer of second) {
    const same = offers.find((one) => isSameWork(one, offer));
    let key = same?.key ?? offer.key;
    if (!same) {
      for (let count = 2; offers.some((one) => one.key === key); count++) key = `${offer.key}-${count}`;
      offers.push({ ...offer, key });
    }
    keys.set(offer.key, key);
  }
  return { offers, keyOf: (key: string): string => keys.get(key) ?? key };
}

const isSameWork = (one: Offer, other: Offer): boolean =>
  one.actions.length === other.actions.length &&
  one.actions.every((action, place) => action === other.actions[place]);

/** What two policies ask of an answer; null where what both ask cannot be said of one. `contain` is a key of the same offers. */
export function strictest(
  one: Asking = DEFAULT_ASKING,
  other: Asking = DEFAULT_ASKING,
  usual: OnTimeOut = 'escalate',
): Asking | null {
  const rule = stricterRule(one.rule, other.rule);
  const contained = [...new Set([one, other].flatMap(containedBy))];
  if (!rule || contained.length > 1 || !isOfSamePeople(asPolicy(one), asPolicy(other))) return null;
  const comments = ['optional', 'destructive', 'always'] as const;
  const { onTimeOut, ...rest } = one;
  const silence = onSilenceOf([onTimeOut, other.onTimeOut], usual);
  return {
    ...rest,
    subjectFirst: one.subjectFirst && other.subjectFirst,
    rule,
    comment: comments[Math.max(comments.indexOf(one.comment), comments.indexOf(other.comment))] ?? 'always',
    freshSignIn: one.freshSignIn || other.freshSignIn,
    contain: contained[0] ?? null,
    ...(silence && { onTimeOut: silence }),
  };
}

const asPolicy = (asking: Asking): Policy => ({ offers: [], asking });

/** What is never carried out, because the policy wishes for something else, is not carried out for another's sake. */
const containedBy = ({ contain, onTimeOut = 'contain' }: Asking): readonly string[] =>
  contain !== null && onTimeOut === 'contain' ? [contain] : [];

/** Containing comes before escalating, and that before closing. Absent, it goes on following the severity. */
function onSilenceOf(wishes: readonly (OnTimeOut | undefined)[], usual: OnTimeOut): OnTimeOut | undefined {
  if (wishes.includes('contain')) return 'contain';
  if (wishes.includes('escalate') && !(wishes.includes(undefined) && usual === 'contain')) return 'escalate';
  return wishes.includes(undefined) ? undefined : 'dismiss';
}

/** So many people, everybody who was asked, the security team as well: no two of them can be said in one. */
function stricterRule(one: AnswerRule, other: AnswerRule): AnswerRule | null {
  if (one.kind === 'first') return other;
  if (other.kind === 'first') return one;
  if (one.kind === 'quorum' && other.kind === 'quorum') return one.of >= other.of ? one : other;
  return one.kind === other.kind ? one : null;
}
