// How a question is asked: of whom, how many have to agree, and by when. Types and defaults; who exactly it is, route/ finds out.
import type { Severity } from './alert.ts';
import type { QuestionId, UserId } from './ids.ts';

/**
 * Whose word it takes. `first`: whoever of those asked answers first. `everyone`: all of them. `quorum`: so many different people.
 * `sequence`: whoever is asked, and then the security team.
 */
export type AnswerRule =
  | { readonly kind: 'first' }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'quorum'; readonly of: number }
  | { readonly kind: 'sequence' };

/** What happens to a question that nobody answered. `contain`: something that can be undone is done at once, and the question stays. */
export const ON_TIME_OUT = ['escalate', 'dismiss', 'contain'] as const;
export type OnTimeOut = (typeof ON_TIME_OUT)[number];

/** A policy's own wishes. The operator's settings bound all of them. */
export interface Asking {
  /** Object ids or user principal names whom the policy names, all asked at once. Empty: the manager. */
  readonly approvers: readonly string[];
  /** "Was this you?" goes to the person in question first, and to the manager on "no" or on silence. */
  readonly subjectFirst: boolean;
  readonly rule: AnswerRule;
  readonly comment: 'optional' | 'destructive' | 'always';
  /** What shuts somebody out takes a fresh sign-in of whoever decides it. */
  readonly freshSignIn: boolean;
  /** Key of the offer that `contain` carries out; null: the policy names none. */
  readonly contain: string | null;
  /** Absent: as the operator's settings say for the severity. */
  readonly onTimeOut?: OnTimeOut;
}

export const DEFAULT_ASKING: Asking = {
  approvers: [],
  subjectFirst: false,
  rule: { kind: 'first' },
  comment: 'optional',
  freshSignIn: false,
  contain: null,
};

/** When a question is chased, by severity: durations from when it was asked, in milliseconds. */
export interface Patience {
  readonly remindMs: number;
  /** The next one in the chain is asked as well. */
  readonly escalateMs: number;
  readonly timeOutMs: number;
  readonly onTimeOut: OnTimeOut;
  /** `working`: only the reader's working hours count. */
  readonly hours: 'working' | 'clock';
}

/** Who owns what, by the operator's word alone: tags are the suspect's to write. */
export interface Ownership {
  /** Object id or user principal name. */
  readonly owner: string;
  /** AWS account ids. */
  readonly accounts: readonly string[];
  /** Patterns (`*`, `?`) of bucket names. */
  readonly buckets: readonly string[];
}

export interface AskingSettings {
  readonly patience: Readonly<Record<Severity, Patience>>;
  /** How long the person in question has to say whether it was them, by the clock. */
  readonly subjectFirstMs: number;
  /** Working hours of whoever's mailbox says nothing: `from` and `to` as minutes of the day. */
  readonly workingHours: WorkingHours;
  /** Days off: ISO dates by IANA zone, `*` for all. */
  readonly holidays: Readonly<Record<string, readonly string[]>>;
  readonly owners: readonly Ownership[];
  /** Ids of the reversible actions that may be taken before anybody has answered. */
  readonly containFirst: readonly string[];
  readonly quorum: {
    /** Two people for a destructive answer about one of these: object ids of users and groups. */
    readonly executives: readonly string[];
    /** Two people for one about an administrator. */
    readonly administrators: boolean;
    /** Two people for one that changes more than so many targets. */
    readonly targets: number;
  };
  /** The longest that something may be expected, kept quiet or delegated, in milliseconds. */
  readonly longestMs: number;
  /** More questions than `after` to one reader within `withinMs` become one card. */
  readonly digest: { readonly after: number; readonly withinMs: number };
  /** How old a fresh sign-in may be, in milliseconds. */
  readonly freshSignInMs: number;
  /** What one person does is one case while it comes within so long; 0: every policy asks for itself. */
  readonly relatedMs: number;
}

/** ISO weekdays: Monday is 1. */
export interface WorkingHours {
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const DEFAULT_ASKING_SETTINGS: AskingSettings = {
  patience: {
    critical: patience(10 * MINUTE_MS, 20 * MINUTE_MS, HOUR_MS, 'clock'),
    high: patience(30 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS, 'clock'),
    medium: patience(4 * HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS, 'working'),
    low: patience(8 * HOUR_MS, 24 * HOUR_MS, 40 * HOUR_MS, 'working'),
    informational: patience(8 * HOUR_MS, 24 * HOUR_MS, 40 * HOUR_MS, 'working'),
  },
  subjectFirstMs: HOUR_MS,
  workingHours: { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60 },
  holidays: {},
  owners: [],
  containFirst: [],
  quorum: { executives: [], administrators: true, targets: 10 },
  longestMs: 90 * DAY_MS,
  digest: { after: 5, withinMs: 10 * MINUTE_MS },
  freshSignInMs: 10 * MINUTE_MS,
  relatedMs: DAY_MS,
};

function patience(
  remindMs: number,
  escalateMs: number,
  timeOutMs: number,
  hours: Patience['hours'],
): Patience {
  return { remindMs, escalateMs, timeOutMs, hours, onTimeOut: 'escalate' };
}

/** When a question is chased, worked out when it is asked: it does not depend on who runs by then. ISO 8601 in UTC. */
export interface QuestionClock {
  readonly remindAt: string;
  readonly escalateAt: string;
  readonly timeOutAt: string;
  readonly onTimeOut: OnTimeOut;
  /** When whoever is asked works, where only their working hours count: nobody is reminded at any other time. */
  readonly working?: { readonly timeZone: string; readonly hours: WorkingHours };
}

/** What has been done about the current question because nobody answered it. ISO 8601 in UTC. */
export interface Chased {
  /** The question that it is about: with another one it says nothing. */
  readonly question: QuestionId;
  /** When a reminder reached whoever is asked first: sending it is not enough. */
  readonly remindedAt?: string;
  /** When the time was over before a reminder had reached them, and the wait began again. */
  readonly lateAt?: string;
  readonly escalatedAt?: string;
  /** Cards that were to be sent as reminders. */
  readonly reminders: number;
  /** Of a question that is with the security team alone: how often its time was over, and when last. */
  readonly timeOuts: number;
  readonly timedOutAt?: string;
}

/** What answers questions while somebody is away: themselves, by the bot. */
export interface Delegation {
  readonly id: string;
  readonly from: UserId;
  readonly to: UserId;
  readonly toName: string;
  /** ISO 8601 in UTC. */
  readonly until: string;
  readonly setAt: string;
  readonly revokedAt?: string;
}
