// A detection policy as the rest of the app sees it: compiled by detect/, carried by the case as text and hash.
import type { Alert, Severity } from './alert.ts';

/** One button: the actions that it runs, in order. `key` is what a text command names. */
export interface Offer {
  readonly key: string;
  readonly label: string;
  readonly actions: readonly string[];
}

/** What some predicates need to know besides the alert. */
export interface MatchContext {
  /** The roles that Countersign itself assumes. */
  readonly countersignRoleArns: readonly string[];
}

export interface Policy {
  /** File name without extension. */
  readonly id: string;
  readonly title: string;
  /** The rule as written, and its SHA-256: a case keeps both. */
  readonly text: string;
  readonly hash: string;
  readonly severity: Severity;
  readonly techniques: readonly string[];
  /** The question to the manager, one plain sentence; `{subject}` and `{target}` are filled in. */
  readonly question: string;
  readonly offers: readonly Offer[];
  /** Asks only when no other policy matched the alert. */
  readonly fallback: boolean;
  /** Goes to the security team at once, whoever the subject is. */
  readonly securityOnly: boolean;
  matches(alert: Alert, context?: MatchContext): boolean;
}
