// What a permission of an app means, for people. Only the words: what is not listed is shown by its name alone.
// "Microsoft Graph permissions reference", delegated permissions.
const WORDS: Readonly<Record<string, string>> = {
  openid: 'sign in',
  profile: 'see their name',
  email: 'see their mail address',
  offline_access: 'stay signed in',
  user_impersonation: 'act in their name',
  'User.Read': 'see their profile',
  'User.ReadWrite': 'change their profile',
  'User.ReadBasic.All': "see everybody's name",
  'User.Read.All': "see everybody's profile",
  'Directory.Read.All': 'read the directory',
  'Directory.ReadWrite.All': 'change the directory',
  'Mail.Read': 'read mail',
  'Mail.ReadWrite': 'read, change and delete mail',
  'Mail.Send': 'send mail',
  'Mail.Read.Shared': 'read mail shared with them',
  'Mail.ReadWrite.Shared': 'read and change mail shared with them',
  'MailboxSettings.Read': 'see mailbox settings',
  'MailboxSettings.ReadWrite': 'change mailbox settings and forwarding',
  'EWS.AccessAsUser.All': 'use the whole mailbox',
  'IMAP.AccessAsUser.All': 'use the whole mailbox',
  'POP.AccessAsUser.All': 'read mail',
  'SMTP.Send': 'send mail',
  'Calendars.Read': 'read calendars',
  'Calendars.ReadWrite': 'change calendars',
  'Contacts.Read': 'read contacts',
  'Contacts.ReadWrite': 'change contacts',
  'People.Read': 'see whom they work with',
  'Files.Read': 'read their files',
  'Files.ReadWrite': 'change and delete their files',
  'Files.Read.All': 'read every file that they can open',
  'Files.ReadWrite.All': 'change and delete every file that they can open',
  'Sites.Read.All': 'read every site that they can open',
  'Sites.ReadWrite.All': 'change every site that they can open',
  'Notes.Read.All': 'read notebooks',
  'Chat.Read': 'read chats',
  'Chat.ReadWrite': 'read and write chats',
  'ChannelMessage.Read.All': 'read messages in channels',
  'Tasks.ReadWrite': 'change tasks',
};

/** More than that nobody reads on a card; the plan's basis has them all. */
const SHOWN = 10;

/** "read mail (Mail.Read), stay signed in (offline_access) and 3 more" */
export function scopeWords(scopes: readonly string[]): string {
  const shown = scopes
    .slice(0, SHOWN)
    .map((scope) => (Object.hasOwn(WORDS, scope) ? `${WORDS[scope]} (${scope})` : scope));
  const more = scopes.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
