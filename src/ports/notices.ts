// Asking the person in question: a card in Teams ("was this you?"), or mail where Teams does not reach them.
import type { NoticeSent } from '../case/case.ts';
import type { CaseId, UserId } from '../case/ids.ts';
import type { Receipt } from './receipt.ts';

export type NoticeWay = NoticeSent['way'];

/** Throws `teams.*` as the messenger, `graph.*` as the directory, and `notice.unreachable` (final). */
export interface Notices {
  /** How this person is asked first; null where there is no way. Teams may turn out not to reach them: then it is mail. */
  reach(user: UserId): Promise<NoticeWay | null>;
  /** Asks once: where it is on record that this person was asked about this case, nothing is sent again. */
  ask(about: CaseId, user: UserId): Promise<Receipt>;
  /** What is on record as sent. */
  asked(about: CaseId, user: UserId): Promise<NoticeSent | null>;
}
