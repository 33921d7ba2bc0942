// What a permission of an app means, for people. Only the words: what is not listed is shown by its name alone.
// "Microsoft Graph permissions reference", delegated permissions.
import { type Said, say } from '../../case/said.ts';
import type { WordKey } from '../../case/word-keys.ts';

const WORDS: Readonly<Record<string, WordKey>> = {
  openid: 'users.scope.sign-in',
  profile: 'users.scope.name',
  email: 'users.scope.mail-address',
  offline_access: 'users.scope.stay',
  user_impersonation: 'users.scope.act',
  'User.Read': 'users.scope.profile',
  'User.ReadWrite': 'users.scope.change-profile',
  'User.ReadBasic.All': 'users.scope.all-names',
  'User.Read.All': 'users.scope.all-profiles',
  'Directory.Read.All': 'users.scope.directory',
  'Directory.ReadWrite.All': 'users.scope.change-directory',
  'Mail.Read': 'users.scope.mail',
  'Mail.ReadWrite': 'users.scope.change-mail',
  'Mail.Send': 'users.scope.send-mail',
  'Mail.Read.Shared': 'users.scope.shared-mail',
  'Mail.ReadWrite.Shared': 'users.scope.change-shared-mail',
  'MailboxSettings.Read': 'users.scope.mailbox-settings',
  'MailboxSettings.ReadWrite': 'users.scope.change-mailbox-settings',
  'EWS.AccessAsUser.All': 'users.scope.whole-mailbox',
  'IMAP.AccessAsUser.All': 'users.scope.whole-mailbox',
  'POP.AccessAsUser.All': 'users.scope.mail',
  'SMTP.Send': 'users.scope.send-mail',
  'Calendars.Read': 'users.scope.calendars',
  'Calendars.ReadWrite': 'users.scope.change-calendars',
  'Contacts.Read': 'users.scope.contacts',
  'Contacts.ReadWrite': 'users.scope.change-contacts',
  'People.Read': 'users.scope.people',
  'Files.Read': 'users.scope.files',
  'Files.ReadWrite': 'users.scope.change-files',
  'Files.Read.All': 'users.scope.all-files',
  'Files.ReadWrite.All': 'users.scope.change-all-files',
  'Sites.Read.All': 'users.scope.all-sites',
  'Sites.ReadWrite.All': 'users.scope.change-all-sites',
  'Notes.Read.All': 'users.scope.notebooks',
  'Chat.Read': 'users.scope.chats',
  'Chat.ReadWrite': 'users.scope.write-chats',
  'ChannelMessage.Read.All': 'users.scope.channels',
  'Tasks.ReadWrite': 'users.scope.tasks',
};

/** More than that nobody reads on a card; the plan's basis has them all. */
const SHOWN = 10;

/** "read mail (Mail.Read), stay signed in (offline_access) and 3 more" */
export function scopesSaid(scopes: readonly string[]): Said {
  const shown = scopes.slice(0, SHOWN).map(scopeSaid);
  const more = scopes.length - shown.length;
  return say('users.scope.all', {
    scopes: more > 0 ? [...shown, say('users.scope.more', { n: more })] : shown,
  });
}

function scopeSaid(scope: string): Said {
  const means = Object.hasOwn(WORDS, scope) ? WORDS[scope] : undefined;
  return means ? say('users.scope.named', { means: say(means), scope }) : scope;
}
