// Asks the person in question "was this you?": by card, or by mail where Teams does not reach them. Never decides anything.
// The card is a copy of the case as its subject may see it, so it is kept true like every other.
import { type CardCopy, type Case, type Conversation, SYSTEM } from '../case/case.ts';
import { CountersignError, isCountersignError } from '../case/errors.ts';
import type { UserId } from '../case/ids.ts';
import { type Said, say } from '../case/said.ts';
import type { AppInstaller } from '../ports/app-installer.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { Directory, DirectoryUser } from '../ports/directory.ts';
import type { Ids } from '../ports/ids.ts';
import type { Mailer } from '../ports/mailer.ts';
import type { CardContent, Messenger } from '../ports/messenger.ts';
import type { Notices, NoticeWay } from '../ports/notices.ts';
import { noticeMail } from './notice-card.ts';

export interface NoticeParts {
  readonly store: CaseStore;
  readonly messenger: Messenger;
  readonly installer: AppInstaller;
  readonly directory: Directory;
  /** Null where the settings name no mailbox. */
  readonly mailer: Mailer | null;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tenantId: string;
  draw(about: Case, reader: string): Promise<CardContent>;
  /** In this person's language. */
  writeFor(reader: string): Promise<(said: Said) => string>;
}

interface Sent {
  readonly way: NoticeWay;
  readonly requestId: string;
  /** The card, where it was one. */
  readonly card?: { readonly conversation: Conversation; readonly activityId: string };
}

export function createNotices(parts: NoticeParts): Notices {
  const { store, directory, mailer } = parts;
  const asked = async (id: Case['id'], user: UserId) =>
    (await store.readCase(id))?.notices?.find((one) => one.user === user) ?? null;

  return {
    asked,

    async reach(user) {
      const person = await directory.findUser(user);
      if (!person?.enabled) return null;
      if (!person.guest || (await store.findReachable(parts.tenantId, user))) return 'teams';
      return mailer && person.mail ? 'mail' : null;
    },

    async ask(id, user) {
      const about = await store.readCase(id);
      if (!about) throw new CountersignError('notice.no-case', `there is no case ${id}`);
      if (await asked(id, user)) return { requestId: '' };
      const person = await directory.findUser(user);
      const sent = (await byCard(about, user, person, parts)) ?? (await byMail(about, person, parts));
      await record(about, user, sent, parts);
      return { requestId: sent.requestId };
    },
  };
}

/** Null where Teams does not reach them: not known, not installable (no guest is: `reach` says mail), blocked. */
async function byCard(
  about: Case,
  user: UserId,
  person: DirectoryUser | null,
  parts: NoticeParts,
): Promise<Sent | null> {
  const known = await parts.store.findReachable(parts.tenantId, user);
  const mayInstall = person?.guest === false;
  const conversation = known?.conversation ?? (mayInstall ? await parts.installer.openChat(user) : null);
  if (!conversation) return null;
  try {
    const { activityId } = await parts.messenger.send(conversation, await parts.draw(about, user));
    return { way: 'teams', requestId: activityId, card: { conversation, activityId } };
  } catch (error) {
    if (!isCountersignError(error) || error.retryable) throw error;
    return null;
  }
}

async function byMail(
  about: Case,
  person: DirectoryUser | null,
  { mailer, writeFor }: NoticeParts,
): Promise<Sent> {
  if (!mailer || !person?.mail)
    throw new CountersignError(
      'notice.unreachable',
      `no way to reach ${person?.id ?? 'a person who is gone'}`,
      {
        say: say('ask.notice.unreachable', { name: person?.displayName ?? say('ask.this-person') }),
      },
    );
  const mail = noticeMail(about, await writeFor(person.id));
  const { requestId } = await mailer.send({ to: person.mail, ...mail });
  return { way: 'mail', requestId };
}

async function record(
  about: Case,
  user: UserId,
  sent: Sent,
  { store, ids, clock }: NoticeParts,
): Promise<void> {
  await store.transact(async (tx) => {
    const current = await tx.lockCase(about.id);
    if (!current) return;
    const at = isoTime(clock);
    if (sent.card) await tx.saveCopy(copyOf(current, user, sent.card, ids));
    await commitTransition(tx, current, {
      event: 'noted',
      at,
      patch: { notices: [...(current.notices ?? []), { user, way: sent.way, at }] },
      note: {
        kind: 'subject.asked',
        actor: SYSTEM,
        facts: { way: sent.way, requestId: sent.requestId },
        personal: { user },
      },
    });
  });
}

const copyOf = (about: Case, reader: UserId, card: NonNullable<Sent['card']>, ids: Ids): CardCopy => ({
  id: ids.copyId(),
  caseId: about.id,
  questionId: about.question?.id ?? ('' as CardCopy['questionId']),
  reader,
  ...card,
  shownVersion: 0,
});
