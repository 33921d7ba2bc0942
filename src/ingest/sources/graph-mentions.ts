// Who is named in an alert's evidence, the person whose behaviour is in question first. Verifies nobody.
import type { PersonMention } from '../../case/alert.ts';
import { parseUserId } from '../../case/ids.ts';
import type { Evidence } from './graph-schema.ts';

/** evidenceRole values that mark the one who did it, or whose account did. */
const SUBJECT_ROLES = new Set(['compromised', 'suspicious', 'policyviolator', 'attacker']);
/** Values that mark bystanders and victims. */
const BYSTANDER_ROLES = new Set(['contextual', 'destination', 'attacked']);
const OTHER_EVIDENCE = 3;
const MOST_PEOPLE = 50;
/** detailedRoles are free text of Microsoft's: "Main user", "Compromised account". */
const SUBJECT_WORDS = /\b(?:main|subject|compromised|suspicious|attacker)\b/i;

/**
 * Each person once. User evidence in the order that the alert gives, those with a role of the subject before those without,
 * bystanders after them; accounts in other evidence (mailbox, process, file) last. These are often victims or the system
 * itself: where no user evidence exists, an empty mention stands first, so that nobody else is taken for the subject.
 */
export function mentionsIn(evidence: readonly Evidence[]): readonly PersonMention[] {
  const ranked = evidence
    .map((item) => ({ rank: rankOf(item), mention: mentionOf(item) }))
    .sort((a, b) => a.rank - b.rank);
  const people: PersonMention[] = [];
  for (const { mention } of ranked) {
    // Everybody is compared with everybody: an alert that names a crowd must not stop the process.
    if (!mention || people.length >= MOST_PEOPLE) continue;
    const known = people.findIndex((person) => isSamePerson(person, mention));
    const person = people[known];
    if (person) people[known] = { ...mention, ...person };
    else people.push(mention);
  }
  const hasSubject = ranked.some(({ rank, mention }) => mention && rank < OTHER_EVIDENCE);
  return people.length === 0 || hasSubject ? people : [{}, ...people];
}

function rankOf(item: Evidence): number {
  if (!(item['@odata.type'] ?? '').toLowerCase().endsWith('.userevidence')) return OTHER_EVIDENCE;
  const roles = (item.roles ?? []).map((role) => role?.toLowerCase() ?? '');
  if (roles.some((role) => SUBJECT_ROLES.has(role))) return 0;
  if ((item.detailedRoles ?? []).some((role) => SUBJECT_WORDS.test(role ?? ''))) return 0;
  return roles.some((role) => BYSTANDER_ROLES.has(role)) ? 2 : 1;
}

function mentionOf(item: Evidence): PersonMention | null {
  const objectId = parseUserId(item.userAccount?.azureAdUserId);
  const userPrincipalName = item.userAccount?.userPrincipalName || item.upn;
  const displayName = item.userAccount?.displayName || item.userAccount?.accountName;
  if (!objectId && !userPrincipalName && !displayName) return null;
  return {
    ...(objectId ? { objectId } : {}),
    ...(userPrincipalName ? { userPrincipalName } : {}),
    ...(displayName ? { displayName } : {}),
  };
}

function isSamePerson(a: PersonMention, b: PersonMention): boolean {
  if (a.objectId && b.objectId) return a.objectId === b.objectId;
  if (a.userPrincipalName && b.userPrincipalName) {
    return a.userPrincipalName.toLowerCase() === b.userPrincipalName.toLowerCase();
  }
  return false;
}
