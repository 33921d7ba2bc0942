// Reads the managers above a person, one level at a time.
import type { UserId } from '../case/ids.ts';
import type { Directory, Manager } from '../ports/directory.ts';

/** Above this, a question is for the security team: nobody five levels up knows what somebody does all day. */
export const MAX_LEVELS = 5;

/**
 * Managers upwards from the person, at most five. Ends where the directory names none, at a contact (who has no account
 * and so no manager), and at anyone who has already come up: two people may manage each other. Passes on the directory's errors.
 */
export async function climbChain(
  directory: Pick<Directory, 'managerOf'>,
  subject: UserId,
): Promise<readonly Manager[]> {
  const chain: Manager[] = [];
  const seen = new Set<UserId>([subject]);
  let from = subject;
  while (chain.length < MAX_LEVELS) {
    const manager = await directory.managerOf(from);
    if (!manager) break;
    const isKnown = manager.kind === 'user' && seen.has(manager.user.id);
    // The subject as their own manager's manager is worth a word on the card; anyone else was already looked at.
    if (!isKnown || manager.user.id === subject) chain.push(manager);
    if (isKnown || manager.kind === 'contact') break;
    from = manager.user.id;
    seen.add(from);
  }
  return chain;
}
