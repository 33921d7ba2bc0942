// What was put to whom, and the cards that hold a flood of questions: a line each, one card a reader.
import type { Case, Conversation } from '../case/case.ts';
import type { CaseId, DigestId, QuestionId } from '../case/ids.ts';

/** A question that a reader was asked. Where it goes (a card of its own, a line) is decided once, and kept. */
export interface Put {
  /** A person's object id, or the security channel's reader. */
  readonly reader: string;
  readonly questionId: QuestionId;
  readonly caseId: CaseId;
  readonly atMs: number;
  /** Null: it has a card of its own. */
  readonly digest: DigestId | null;
  /** Which reminder of the question the card of its own was; absent for the first card. */
  readonly reminder?: number;
}

/** Where the card lies. */
export interface DigestPlace {
  readonly conversation: Conversation;
  readonly activityId: string;
  readonly sentAtMs: number;
}

/** An earlier card of a list, which is yet to point to the one further down. */
export interface Moved extends Pick<DigestPlace, 'conversation' | 'activityId'> {
  /** How often Teams did not take it. */
  readonly tries?: number;
  /** Not tried again before. */
  readonly notBeforeMs?: number;
}

export interface Digest {
  readonly id: DigestId;
  readonly reader: string;
  /** Takes further lines. At most one of a reader does. */
  readonly open: boolean;
  readonly openedAtMs: number;
  /** Not drawn again before. */
  readonly notBeforeMs: number;
  /** Null until it was sent. */
  readonly place: DigestPlace | null;
  /** To be sent anew, further down the conversation: an edit notifies nobody. */
  readonly again: boolean;
  readonly moved: readonly Moved[];
}

export interface DigestLine {
  readonly about: Case;
  readonly questionId: QuestionId;
  readonly atMs: number;
}

/** What a decision for all is about: exactly what a card showed, and nothing that came after. */
export interface Drawn {
  /** What "expected" for all of them is about. */
  readonly dismiss: readonly Pick<Put, 'caseId' | 'questionId'>[];
  /** What handing all of them over is about. */
  readonly escalate: readonly Pick<Put, 'caseId' | 'questionId'>[];
}

/** Inside one transaction. */
export interface Digests {
  /** Until the transaction ends nobody else puts a question to this reader. */
  lockReader(reader: string): Promise<void>;
  findPut(reader: string, questionId: QuestionId, reminder?: number): Promise<Put | null>;
  /** How many questions the reader was asked since, and when the last of them. */
  countPuts(reader: string, sinceMs: number): Promise<{ readonly count: number; readonly lastMs: number }>;
  /** How many cards of their own, reminders among them, questions have brought the reader since. */
  countCards(reader: string, sinceMs: number): Promise<number>;
  /** The questions that have a card of their own, as far as they are not forgotten; as `linesOf`. */
  cardsOf(reader: string): Promise<readonly DigestLine[]>;
  /** Forgets what has a card of its own and is a day older. What was put before goes to where it is put now. */
  put(put: Put): Promise<void>;

  find(id: DigestId): Promise<Digest | null>;
  /** The latest of the reader, open or not. */
  latestOf(reader: string): Promise<Digest | null>;
  /** Locked until the transaction ends: read, change, `save`. */
  lock(id: DigestId): Promise<Digest | null>;
  /** Inserts or writes all of it. A second open one of a reader is refused by the database. */
  save(digest: Digest): Promise<void>;
  /** The latest question of each case, as the cases are now; in the order in which they were put. */
  linesOf(id: DigestId): Promise<readonly DigestLine[]>;

  /** The right to send or edit the card, by the database's clock; null while somebody else has it. */
  takeDrawing(id: DigestId, leaseMs: number): Promise<number | null>;
  /** False when the right has passed to somebody else. */
  endDrawing(id: DigestId, token: number): Promise<boolean>;
  /** Keeps what a card shows, and answers the number that its buttons carry. The latest few are kept. */
  saveDrawn(id: DigestId, drawn: Drawn): Promise<number>;
  findDrawn(id: DigestId, version: number): Promise<Drawn | null>;
}
