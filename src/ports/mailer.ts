// Mail in the company's name, from the one mailbox that the settings name.
import type { Receipt } from './receipt.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

/** Throws as the directory does. A lost answer may mean a second copy. */
export interface Mailer {
  send(mail: Mail): Promise<Receipt>;
}
