// Whom a question may go to, in order, each with who they are in it. Nobody is judged here, and no later round is looked up for
// as long as an earlier one may do.

import { parseUserId } from '../case/ids.ts';
import type { AskedAs, RouteRung } from '../case/question.ts';
import { reassignedNow } from '../case/reassigned.ts';
import { type Phrase, type Said, say } from '../case/said.ts';
import type { AskedKind } from '../case/settings.ts';
import type { Manager } from '../ports/directory.ts';
import { climbChain, MAX_LEVELS } from './climb-chain.ts';
import { type Inquiry, mayAsk } from './inquiry.ts';
import { ownersOf } from './owners.ts';
import { patient } from './parts.ts';

export interface Candidate {
  /** `missing`: the directory knows nobody by that name. */
  readonly who: Manager | { readonly kind: 'missing'; readonly displayName: string };
  readonly as: AskedAs;
  /** "Kim is Alex's manager": a sentence once `asked` or `passedBy` closes it. */
  readonly is: Said;
}

export interface Round {
  readonly of: AskedAs;
  /** All of them are asked at once; otherwise the first who can be. */
  readonly all: boolean;
  readonly candidates: readonly Candidate[];
  /** Such people may not be asked. */
  readonly isClosed?: true;
  /** Why a whole kind of people is not looked at. */
  readonly passed?: readonly RouteRung[];
}

/** Whom somebody asked sent it to; whom the policy names; the managers upwards; who owns what it is about. */
export async function* roundsOf(inquiry: Inquiry): AsyncGenerator<Round> {
  const { about, subject, parts } = inquiry;
  const sentTo = reassignedNow(about).at(-1);
  if (sentTo) {
    const is = (name: string): Said => say('route.who.named-by-person', { name, by: sentTo.by.name });
    yield first('reassigned', await namedOnes([sentTo.to.id], 'reassigned', is, inquiry));
  }

  const approvers = about.policy.asking?.approvers ?? [];
  if (approvers.length > 0)
    yield mayAsk('named', inquiry)
      ? {
          of: 'named',
          all: true,
          candidates: await namedOnes(approvers, 'named', namedByPolicy, inquiry),
        }
      : notAllowed('named', 'Whom the policy names', say('route.closed.named'));

  if (subject)
    yield mayAsk('manager', inquiry)
      ? first('manager', await managersOf(inquiry))
      : notAllowed('manager', 'The managers', say('route.closed.manager'));

  const owners = ownersOf(about, parts.settings.asking.owners);
  if (owners.length > 0)
    yield mayAsk('owner', inquiry)
      ? first(
          'owner',
          await namedOnes(
            owners.map(({ owner }) => owner),
            'owner',
            (name, index) => ownerWords(name, owners[index]?.of ?? null),
            inquiry,
          ),
        )
      : notAllowed('owner', 'The owner', say('route.closed.owner'));
}

const first = (of: AskedAs, candidates: readonly Candidate[]): Round => ({ of, all: false, candidates });

const namedByPolicy = (name: string): Said => say('route.who.named-by-policy', { name });

const ownerWords = (name: string, thing: Said | null): Said =>
  thing === null ? say('route.who.owner-of-all', { name }) : say('route.who.owner', { name, thing });

const notAllowed = (of: AskedAs & AskedKind, name: string, reason: Phrase): Round => ({
  ...{ of, all: false, candidates: [], isClosed: true as const },
  passed: [{ name, outcome: 'passed-over', reason }],
});

async function managersOf({ parts, subject, lastTry }: Inquiry): Promise<readonly Candidate[]> {
  if (!subject) return [];
  const chain = (await patient(lastTry, () => climbChain(parts.directory, subject.id))) ?? [];
  return chain.slice(0, MAX_LEVELS).map((who, level) => ({
    who,
    as: 'manager',
    is: managerWords(nameOf(who), level + 1, subject.displayName),
  }));
}

const managerWords = (name: string, levels: number, subject: string): Said =>
  levels === 1
    ? say('route.who.manager', { name, subject })
    : say('route.who.levels-above', { name, levels, subject });

/** By object id or user principal name. */
export async function namedOnes(
  names: readonly string[],
  as: AskedAs,
  is: (name: string, index: number) => Said,
  { parts, lastTry }: Inquiry,
): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const [index, name] of names.entries()) {
    const user = await patient(lastTry, () => parts.directory.findUser(parseUserId(name) ?? name));
    const who: Candidate['who'] = user ? { kind: 'user', user } : { kind: 'missing', displayName: name };
    found.push({ who, as, is: is(nameOf(who), index) });
  }
  return found;
}

export const nameOf = (who: Candidate['who']): string =>
  who.kind === 'user' ? who.user.displayName : who.displayName;
