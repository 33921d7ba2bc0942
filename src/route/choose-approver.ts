// Who is asked: the nearest manager who can and may answer, else the security team. Pure over look-ups handed in.
// Never the subject, nor anyone named in the evidence, nor anyone whose own behaviour is in question.
import type { Approver, RouteRung } from '../case/case.ts';
import type { UserId } from '../case/ids.ts';
import type { DirectoryUser, Manager } from '../ports/directory.ts';
import { MAX_LEVELS } from './climb-chain.ts';

export interface ChainLink {
  readonly manager: Manager;
  /** Whether the app can write to them: false is known, `unknown` is tried. */
  readonly reachable: boolean | 'unknown';
}

export interface RouteInput {
  /** Null when the alert points at nobody whom the directory knows. */
  readonly subject: DirectoryUser | null;
  /** Why the subject is not known, a sentence. */
  readonly unknownReason?: string;
  /** Managers upwards, nearest first. */
  readonly chain: readonly ChainLink[];
  /** Object ids and UPNs in the evidence, lower case. */
  readonly named: readonly string[];
  /** The same of those behind what would be changed. */
  readonly atStake?: readonly string[];
  /** People to whom this case's question could not be delivered. */
  readonly unreachable: readonly UserId[];
  /** A reason to go to the security team whatever the chain says. */
  readonly toSecurity: string | null;
  /** The policy's own wish. */
  readonly securityOnly: boolean;
  /** Subjects of other open cases. */
  readonly otherSubjects: ReadonlySet<UserId>;
}

export interface Route {
  readonly approver: Approver;
  /** Every rung that was looked at, in order; the last is the one asked. */
  readonly path: readonly RouteRung[];
  /** One sentence for the card. */
  readonly reason: string;
}

export function chooseApprover(input: RouteInput): Route {
  const { subject } = input;
  if (input.securityOnly) return toSecurity([], 'Questions like this always go to the security team.');
  if (input.toSecurity !== null) return toSecurity([], input.toSecurity);
  if (!subject)
    return toSecurity(
      [],
      `${input.unknownReason ?? 'It is not known who did this.'} So the security team is asked.`,
    );
  const passed: RouteRung[] = [];
  for (const [level, link] of input.chain.slice(0, MAX_LEVELS).entries()) {
    const who = `${nameOf(link.manager)} is ${relation(subject.displayName, level)}`;
    const obstacle = obstacleOf(link, input, subject);
    if (obstacle === null && link.manager.kind === 'user') {
      const reason = passed.length === 0 ? `${who}.` : `${who}, and nobody nearer can answer.`;
      const { id, displayName: name } = link.manager.user;
      return {
        approver: { kind: 'person', id, name },
        path: [...passed, { name, id, outcome: 'asked', reason }],
        reason,
      };
    }
    passed.push({
      name: nameOf(link.manager),
      ...(link.manager.kind === 'user' ? { id: link.manager.user.id } : {}),
      outcome: 'passed-over',
      reason: `${who} but ${obstacle}.`,
    });
  }
  const reason =
    passed.length === 0
      ? `The directory names no manager for ${subject.displayName}.`
      : `Nobody above ${subject.displayName} can answer.`;
  return toSecurity(passed, reason);
}

function toSecurity(passed: readonly RouteRung[], reason: string): Route {
  const rung: RouteRung = { name: 'The security team', outcome: 'asked', reason };
  return { approver: { kind: 'security' }, path: [...passed, rung], reason };
}

const nameOf = (manager: Manager): string =>
  manager.kind === 'user' ? manager.user.displayName : manager.displayName;

const relation = (subject: string, level: number): string =>
  level === 0 ? `${subject}'s manager` : `${level + 1} levels above ${subject}`;

/** Why this rung cannot be asked, to follow "... but"; null when they can. The order is from the plainest to the subtlest. */
function obstacleOf(link: ChainLink, input: RouteInput, subject: DirectoryUser): string | null {
  if (link.manager.kind === 'contact') return 'is outside the company and has no account';
  const { user } = link.manager;
  if (user.id === subject.id) return 'is the person in question';
  if (!user.enabled) return 'the account is disabled';
  if (user.guest) return 'is a guest';
  const isAmong = (people: readonly string[] = []): boolean =>
    people.includes(user.id) || people.includes(user.userPrincipalName.toLowerCase());
  if (isAmong(input.atStake)) return 'would decide on something of their own';
  if (isAmong(input.named)) return 'is named in the alert';
  if (input.otherSubjects.has(user.id)) return 'is the person in question in another open case';
  if (link.reachable === false || input.unreachable.includes(user.id)) return 'cannot be reached in Teams';
  return null;
}
