// "Not mine to say": whoever was asked names who can answer. Looked up before the transaction, judged inside it: the person in
// question, and whoever they could have sent, never comes to decide by this way.
import { peopleAtStake } from '../case/behind-target.ts';
import type { Case, Decision } from '../case/case.ts';
import type { UserId } from '../case/ids.ts';
import { askedOf, isWithSecurity } from '../case/question.ts';
import { scaleOf } from '../case/reassigned.ts';
import { type Said, say } from '../case/said.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import type { DirectoryUser } from '../ports/directory.ts';
import type { Found } from './look-up.ts';
import { type Change, ClaimRefused, type DecideParts } from './parts.ts';

/** A question that is passed on more often than this is nobody's: the security team answers it. */
export const MOST_REASSIGNED = 3;
const MOST_NAMED = 5;

export async function reassign(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  found: Found,
  parts: DecideParts,
): Promise<Change> {
  const { reassigned = [] } = about;
  if (reassigned.length >= MOST_REASSIGNED)
    throw refused('decide.passed-on-too-often', say('decide.passed-on-too-often'));
  if (isForSecurityAlone(about, parts)) throw refused('decide.security-alone', say('decide.security-alone'));
  const person = theOne(found);
  const why = await obstacleOf(tx, about, decision, person, parts);
  if (why) throw refused('decide.not-to-them', why);
  const to = { id: person.id, name: person.displayName };
  const { by, at } = decision;
  return {
    event: 'reassigned',
    decision: { to },
    // Whatever had brought it to the security team, they are asked now.
    patch: { reassigned: [...reassigned, { to, by, at, asOf: scaleOf(about) }], toSecurity: null },
    // Whoever was asked may have chosen somebody outside the chain: the security team sees to whom it went.
    steps: [
      { kind: 'route', key: '' },
      { kind: 'tell', key: '' },
      ...writeBackSteps(about, { kind: 'escalated', says: [], decision: { ...decision, to } }),
    ],
    cancel: ['ask', 'chase'],
  };
}

/** By the policy, or by the operator's bounds. */
const isForSecurityAlone = ({ policy }: Case, { settings }: DecideParts): boolean =>
  policy.securityOnly ||
  !(['manager', 'named', 'owner'] as const).some((kind) => settings.detection.bounds.ask.includes(kind));

function theOne(found: Found): DirectoryUser {
  if (found === 'unnamed') throw refused('decide.nobody-named', say('cards.reassign.error'));
  if (found === 'unknown') throw refused('decide.cannot-look-up', say('decide.cannot-look-up'));
  if (found === null || (isList(found) && found.length === 0))
    throw refused('decide.nobody', say('decide.nobody'));
  if (!isList(found)) return found;
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  const named = found
    .slice(0, MOST_NAMED)
    .map(({ displayName, userPrincipalName }) => `${displayName} (${userPrincipalName})`);
  throw refused(
    'decide.several',
    found.length > MOST_NAMED
      ? say('decide.several-and-others', { people: named.join(', ') })
      : say('decide.several', { people: named.join(', ') }),
  );
}

const isList = (found: DirectoryUser | readonly DirectoryUser[]): found is readonly DirectoryUser[] =>
  Array.isArray(found);

/** Null where they can be asked. Nothing that it says tells of another case. */
async function obstacleOf(
  tx: StoreTransaction,
  about: Case,
  { by }: Decision,
  person: DirectoryUser,
  { settings }: DecideParts,
): Promise<Said | null> {
  const { id, enabled, guest } = person;
  const name = person.displayName;
  const names = [id.toLowerCase(), person.userPrincipalName.toLowerCase()];
  const isAmong = (people: readonly string[]): boolean =>
    people.some((one) => names.includes(one.toLowerCase()));
  if (id === by.id) return say('decide.not-to.you', { name });
  if (isAmong(ofSubject(about))) return say('decide.not-to.subject', { name });
  if (!enabled) return say('decide.not-to.disabled', { name });
  if (guest) return say('decide.not-to.guest', { name });
  if (isAmong(about.named) || isAmong(about.mentioned)) return say('decide.not-to.named', { name });
  if (isAmong(peopleAtStake(about, about.question?.offers ?? [], settings.aws)))
    return say('decide.not-to.at-stake', { name });
  if (isAmong(await askedBefore(tx, about))) return say('decide.not-to.asked', { name });
  if (about.question && isWithSecurity(about.question) && isAmong(settings.security.members))
    return say('decide.not-to.with-security', { name });
  if (await tx.isSubjectOfOpenCase(id, about.id)) return say('decide.not-to.not-now', { name });
  return null;
}

const ofSubject = ({ subject, hint }: Case): readonly string[] => [
  ...(subject ? [subject.id, subject.userPrincipalName] : []),
  ...(hint.kind === 'entra' ? [hint.id] : []),
];

/** By any question of the case: whoever was asked, passed it on, decided, or has a card of it. */
async function askedBefore(tx: StoreTransaction, about: Case): Promise<readonly string[]> {
  const { question, reassigned = [], decisions } = about;
  const copies = await tx.copiesOf(about.id);
  return [
    ...(question ? askedOf(question) : []).flatMap((one) => (one.kind === 'person' ? [one.id] : [])),
    ...(question?.path ?? []).flatMap(({ id, outcome }) => (id && outcome === 'asked' ? [id] : [])),
    ...reassigned.flatMap(({ to, by }) => [to.id, by.id]),
    ...decisions.map(({ by }) => by.id),
    ...copies.map(({ reader }) => reader),
  ] satisfies readonly (UserId | string)[];
}

const refused = (code: string, words: Said): ClaimRefused => new ClaimRefused(code, code, { say: words });
