// Asks the person in question whether it was them: a card in Teams, or mail where Teams does not reach them. Changes nothing about
// the account, so protected people and administrators are asked too; and what has been read cannot be taken back.
import type { UserTarget } from '../../case/target.ts';
import { timeMark } from '../../case/times.ts';
import type { NoticeWay } from '../../ports/notices.ts';
import type { GovernanceAction } from '../action.ts';
import { theSubject } from '../aims.ts';
import { goneSentence, isOurs, oursSentence } from '../protected-users.ts';

export type ReachState = {
  readonly exists: boolean;
  readonly principalName: string | null;
  readonly enabled: boolean;
  readonly way: NoticeWay | null;
};

const NO_WAY_BACK =
  'This cannot be undone: they will know that they are under question, whoever uses the account.';

/** That Teams does not reach somebody may only turn out with the sending. */
function how(way: NoticeWay, mayMail: boolean): string {
  if (way === 'mail') return 'by mail, because Teams does not reach them';
  return mayMail ? 'by a card in Teams, or by mail should that not reach them' : 'by a card in Teams';
}

function unreachable(label: string, enabled: boolean): string {
  if (!enabled) return `${label} cannot be asked: the account is suspended, so they could not read it.`;
  return `${label} cannot be asked: Teams does not reach them, and neither does mail.`;
}

export const notifyUser: GovernanceAction<UserTarget, ReachState> = {
  id: 'entra.user.notify',
  title: 'Ask them: was this you?',
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

  async read({ id }, { directory, notices }) {
    const user = await directory.findUser(id);
    if (!user) return { exists: false, principalName: null, enabled: false, way: null };
    const { userPrincipalName: principalName, enabled } = user;
    return { exists: true, principalName, enabled, way: await notices.reach(id) };
  },

  plan({ id, label }, { exists, principalName, enabled, way }, settings) {
    if (!exists) return { kind: 'refused', reason: goneSentence(label) };
    // Whoever reads that mailbox would be asked by it.
    if (isOurs({ id }, { principalName }, settings)) return { kind: 'refused', reason: oursSentence(label) };
    if (!way) return { kind: 'refused', reason: unreachable(label, enabled) };
    return {
      kind: 'offered',
      says: [
        NO_WAY_BACK,
        `Asks ${label} whether it was them, ${how(way, settings.users.mailFrom !== null)}.`,
        ...(way === 'mail'
          ? ['A mail has no buttons: it tells them to call the security team if it was not them.']
          : []),
        'Nothing about the account is changed, and this question stays open.',
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
    if (!notice) return { kind: 'not-done', says: `${target.label} has not been asked yet.` };
    const by = notice.way === 'teams' ? 'by a card in Teams' : 'by mail';
    const at = timeMark(new Date(notice.at).toISOString());
    return { kind: 'took-effect', says: `${target.label} was asked ${by} at ${at}.` };
  },
};
