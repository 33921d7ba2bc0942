// Telling the person in question: a card in Teams ("was this you?"), or mail where Teams does not reach them.
import type { CaseId, UserId } from '../case/ids.ts';
import type { Receipt } from './receipt.ts';

export type NoticeWay = 'teams' | 'mail';

export interface Notice {
  readonly way: NoticeWay;
  /** ISO 8601. */
  readonly at: string;
}

/** Throws `teams.*` as the messenger and `graph.*` as the directory. */
export interface Notices {
  /** How this person can be told now; null where there is no way. */
  reach(user: UserId): Promise<NoticeWay | null>;
  /** Asks once: where a notice for this case and this person is on record already, nothing is sent again. */
  ask(about: CaseId, user: UserId): Promise<Receipt>;
  /** What is on record as sent. */
  asked(about: CaseId, user: UserId): Promise<Notice | null>;
}
