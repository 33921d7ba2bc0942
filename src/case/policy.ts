// A detection policy as the rest of the app sees it: read by detect/, carried by the case as text and hash.
import type { Severity, SourceName } from './alert.ts';
import type { Asking } from './asking.ts';

/** One button: the actions that it runs, in order. `key` is what a text command names. */
export interface Offer {
  readonly key: string;
  readonly label: string;
  readonly actions: readonly string[];
}

/** `monitor` records what it would have asked; `off` is only listed. */
export const STAGES = ['ask', 'monitor', 'off'] as const;
export type Stage = (typeof STAGES)[number];

/** What joins into one case: everything of one subject (or on one target), and repeats within so long after the answer. */
export interface Grouping {
  readonly by: 'subject' | 'target';
  readonly withinMs: number;
}

export interface Policy {
  /** File name without extension. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The file as written, and its SHA-256: a case keeps both. */
  readonly text: string;
  readonly hash: string;
  /** Whose events it reads; null for logs that no source delivers (the rule is listed, and waits). */
  readonly source: SourceName | null;
  readonly stage: Stage;
  /** Comes from the operator's rules folder: its `countersign:` block was ignored. */
  readonly outside: boolean;
  /** It counts events over time: see `Correlation`. */
  readonly counted: boolean;
  readonly severity: Severity;
  readonly techniques: readonly string[];
  /** The question to the manager, one plain sentence; `{subject}` and `{target}` are filled in. */
  readonly question: string;
  readonly offers: readonly Offer[];
  readonly grouping: Grouping;
  /** Ids of broader policies that need not ask about an event that this one matched. */
  readonly covers: readonly string[];
  /** Asks only when no other policy matched the alert. */
  readonly fallback: boolean;
  /** Goes to the security team at once, whoever the subject is. */
  readonly securityOnly: boolean;
  /** Of whom and how it asks. */
  readonly asking: Asking;
}
