// Who answers in somebody's place while they are away. Themselves set it, and only for those who may decide about their people anyway:
// their own managers and the security team. Looked at again whenever somebody is to be asked.
import type { Delegation } from '../case/asking.ts';
import type { UserId } from '../case/ids.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { ChatActor, ChatReply } from '../ports/chat.ts';
import { isoTime } from '../ports/clock.ts';
import type { DirectoryUser, Manager } from '../ports/directory.ts';
import { personOf } from './claim.ts';
import { auditRefusal, NO_CASE } from './conversation.ts';
import type { QuietParts } from './quiet.ts';

export interface DelegateParts
  extends Pick<QuietParts, 'store' | 'clock' | 'ids' | 'settings' | 'findPerson' | 'words' | 'write'> {
  /** Upwards from the person, nearest first. What fails for the moment throws. */
  managersOf(user: UserId): Promise<readonly Manager[]>;
}

/** As it was written. */
export interface DelegateWish {
  /** A principal name, a mail address, or the whole of a display name. */
  readonly to: string;
  /** ISO 8601 in UTC. */
  readonly until: string;
}

const MOST_NAMED = 5;
const DAY_MS = 86_400_000;
const BACK = say('decide.delegate.back');

/** Says why not, or sets it. Refusals are on record. Throws what looking people up throws: then nothing is done. */
export async function delegate(
  wish: DelegateWish,
  actor: ChatActor,
  parts: DelegateParts,
): Promise<ChatReply> {
  const { store, clock, ids } = parts;
  const at = isoTime(clock);
  const until = withinLimit(wish.until, at, parts);
  if (!until.ok) return refuse('decide.not-then', until.say, actor, parts);
  const person = await choose(wish.to, actor, parts);
  if ('code' in person) return refuse(person.code, person.say, actor, parts);
  const delegation: Delegation = {
    id: ids.exceptionId(),
    ...{ from: actor.id, to: person.id, toName: person.displayName, until: until.iso, setAt: at },
  };
  await store.transact(async (tx) => {
    await tx.delegations.save(delegation);
    await tx.audit(NO_CASE, {
      kind: 'delegation.set',
      actor: personOf(actor),
      facts: { delegation: delegation.id, until: delegation.until },
      personal: { from: actor.id, to: person.id, toName: person.displayName },
    });
  });
  const set = sentences([saysWho(delegation), say('decide.delegate.only-new'), BACK]);
  return text(parts.words(set, actor));
}

/** Takes back what is set; nobody else has to agree. */
export async function endDelegation(actor: ChatActor, parts: DelegateParts): Promise<ChatReply> {
  const { store, clock } = parts;
  const at = isoTime(clock);
  const ended = await store.transact(async (tx) => {
    const delegation = await tx.delegations.of(actor.id, at);
    if (!delegation || !(await tx.delegations.revoke(actor.id, at))) return null;
    await tx.audit(NO_CASE, {
      kind: 'delegation.ended',
      actor: personOf(actor),
      facts: { delegation: delegation.id },
      personal: { from: actor.id, to: delegation.to, toName: delegation.toName },
    });
    return delegation;
  });
  if (!ended) return text(parts.write(say('decide.delegate.nothing-set'), actor));
  return text(parts.words(say('decide.delegate.ended', { name: ended.toName }), actor));
}

export async function showDelegation(actor: ChatActor, parts: DelegateParts): Promise<ChatReply> {
  const { store, clock } = parts;
  const set = await store.transact((tx) => tx.delegations.of(actor.id, isoTime(clock)));
  return text(
    set
      ? parts.words(sentences([saysWho(set), BACK]), actor)
      : parts.write(say('decide.delegate.nobody-set'), actor),
  );
}

const saysWho = ({ toName, setAt, until }: Delegation): Said =>
  say('decide.delegate.set', {
    name: toName,
    from: { time: setAt },
    until: { time: until, dated: true },
  });

type Limited = { readonly ok: true; readonly iso: string } | { readonly ok: false; readonly say: Said };

/** The last day that is allowed ends within it. */
function withinLimit(wanted: string, at: string, { settings }: DelegateParts): Limited {
  const now = Date.parse(at);
  const { longestMs } = settings.asking;
  const untilMs = Date.parse(wanted);
  if (!(untilMs > now)) return { ok: false, say: say('decide.delegate.over') };
  if (untilMs > now + longestMs + DAY_MS)
    return {
      ok: false,
      say: say('decide.delegate.too-late', { span: { ms: longestMs } }),
    };
  return { ok: true, iso: new Date(Math.min(untilMs, now + longestMs)).toISOString() };
}

interface Refused {
  readonly code: string;
  readonly say: Said;
}
const refused = (code: string, words: Said): Refused => ({ code, say: words });

async function choose(
  wanted: string,
  actor: ChatActor,
  parts: DelegateParts,
): Promise<DirectoryUser | Refused> {
  // Names of colleagues are told to colleagues alone.
  const own = await parts.findPerson(actor.id);
  if (!own || !('id' in own) || !own.enabled || own.guest)
    return refused('decide.unknown-person', say('decide.delegate.unknown'));
  const person = theOne(await parts.findPerson(wanted), wanted);
  if ('code' in person) return person;
  const why = await obstacleOf(person, actor, parts);
  return why ? refused('decide.not-to-them', why) : person;
}

function theOne(
  found: DirectoryUser | readonly DirectoryUser[] | null,
  wanted: string,
): DirectoryUser | Refused {
  if (found && 'id' in found) return found;
  const people = found ?? [];
  const exact = people.filter(({ displayName, userPrincipalName, mail = '' }) =>
    [displayName, userPrincipalName, mail].some((name) => plain(name) === plain(wanted)),
  );
  const [only] = exact;
  if (only && exact.length === 1) return only;
  const named = (exact.length > 0 ? exact : people)
    .slice(0, MOST_NAMED)
    .map(({ displayName, userPrincipalName }) => `${displayName} (${userPrincipalName})`);
  if (named.length === 0) return refused('decide.nobody', say('decide.nobody'));
  const names = named.join(', ');
  return refused(
    'decide.several',
    exact.length > 0 ? say('decide.several', { people: names }) : say('decide.nobody-but', { people: names }),
  );
}

const plain = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();

/** Null where they may answer. */
async function obstacleOf(
  { id, enabled, guest, displayName: name }: DirectoryUser,
  actor: ChatActor,
  parts: DelegateParts,
): Promise<Said | null> {
  if (id === actor.id) return say('decide.not-to.you', { name });
  if (!enabled) return say('decide.not-to.disabled', { name });
  if (guest) return say('decide.not-to.guest', { name });
  if (parts.settings.security.members.includes(id)) return null;
  const above = await parts.managersOf(actor.id);
  return above.some((one) => one.kind === 'user' && one.user.id === id)
    ? null
    : say('decide.not-to.neither', { name });
}

async function refuse(code: string, why: Said, actor: ChatActor, parts: DelegateParts): Promise<ChatReply> {
  await auditRefusal(NO_CASE, actor, code, parts);
  return text(parts.words(sentences([say('decide.nothing-done'), why]), actor));
}

const text = (words: string): ChatReply => ({ kind: 'text', text: words });
