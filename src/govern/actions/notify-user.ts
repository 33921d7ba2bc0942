// Asks the person in question whether it was them: a card in Teams, or mail where Teams does not reach them. Changes nothing about
// the account, so protected people and administrators are asked too; and what has been read cannot be taken back.
import { type Said, say } from '../../case/said.ts';
import type { UserTarget } from '../../case/target.ts';
import type { NoticeWay } from '../../ports/notices.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { accountGone, accountIsOurs, isOurs } from '../users/protected-users.ts';

export type ReachState = {
  readonly exists: boolean;
  readonly principalName: string | null;
  readonly enabled: boolean;
  readonly way: NoticeWay | null;
  /** Null where this case has not asked them. */
  readonly asked: Asked | null;
};

type Asked = { readonly way: NoticeWay; readonly at: string };

const NO_WAY_BACK = say('users.notify.no-way-back');

/** That Teams does not reach somebody may only turn out with the sending. */
const asks = (person: string, way: NoticeWay, mayMail: boolean): Said =>
  say('users.notify.asks', { person, way: way === 'teams' && mayMail ? 'either' : way });

const unreachable = (person: string, enabled: boolean): Said =>
  say(enabled ? 'users.notify.unreachable' : 'users.notify.suspended', { person });

const wasAsked = (person: string, { way, at }: Asked): Said =>
  say('users.notify.was-asked', { person, way, when: { time: new Date(at).toISOString() } });

export const notifyUser: GovernanceAction<UserTarget, ReachState> = {
  id: 'entra.user.notify',
  title: say('users.title.notify'),
  targetKind: 'user',
  needs:
    'A person whom Teams reaches, or a mailbox to write from in the settings and an address to write to.',
  effect: 'converges',
  strength: 0,
  informs: true,
  permissions: {
    graph: [
      'User.Read.All',
      'AppCatalog.Read.All',
      'TeamsAppInstallation.ReadWriteSelfForUser.All',
      'Mail.Send',
    ],
  },
  capPerHour: 30,

  find: theSubject,

  async read({ id }, { directory, notices }, about) {
    const notice = about ? await notices.asked(about, id) : null;
    const asked = notice && { way: notice.way, at: notice.at };
    const user = await directory.findUser(id);
    if (!user) return { exists: false, principalName: null, enabled: false, way: null, asked };
    const { userPrincipalName: principalName, enabled } = user;
    return { exists: true, principalName, enabled, way: await notices.reach(id), asked };
  },

  plan({ id, label }, { exists, principalName, enabled, way, asked }, settings) {
    // One case asks once: sent again, nothing would go out.
    if (asked) return { kind: 'refused', met: true, reason: wasAsked(label, asked) };
    if (!exists) return { kind: 'refused', reason: accountGone(label) };
    // Whoever reads that mailbox would be asked by it.
    if (isOurs({ id }, { principalName }, settings)) return { kind: 'refused', reason: accountIsOurs(label) };
    if (!way) return { kind: 'refused', reason: unreachable(label, enabled) };
    return {
      kind: 'offered',
      says: [
        NO_WAY_BACK,
        asks(label, way, settings.users.mailFrom !== null),
        ...(way === 'mail' ? [say('users.notify.mail-has-no-buttons')] : []),
        say('users.notify.changes-nothing'),
      ],
      basis: { way },
      undo: { possible: false, says: NO_WAY_BACK },
    };
  },

  /** What is on record is not sent again: nobody is asked twice about one case. */
  async execute({ target, caseId }, { notices }, note) {
    if (await notices.asked(caseId, target.id)) return;
    const { requestId } = await notices.ask(caseId, target.id);
    await note(requestId);
  },

  async verify({ target, caseId }, { notices }) {
    const notice = await notices.asked(caseId, target.id);
    return notice
      ? { kind: 'took-effect', says: wasAsked(target.label, notice) }
      : { kind: 'not-done', says: say('users.notify.not-asked', { person: target.label }) };
  },
};
