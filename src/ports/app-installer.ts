// Makes a person reachable who never talked to the bot.
import type { Conversation } from '../case/case.ts';
import type { UserId } from '../case/ids.ts';

export interface AppInstaller {
  /**
   * Installs the Teams app for the person where it is missing and reads their chat with the bot.
   * Null when that is not possible for them (policy forbids it, app not in the catalogue): final, ask somebody else.
   */
  openChat(user: UserId): Promise<Conversation | null>;
}
