// In whose language we speak: to whoever a card, a mail or an answer is for.
import type { Said } from '../case/said.ts';
import type { ChatActor } from '../ports/chat.ts';
import type { Words } from '../ports/words.ts';
import { createMessageWords, type MessageWords } from './message-words.ts';
import { createReaders, type ReaderParts, type Readers } from './reader.ts';

export interface Voice {
  readonly readers: Readers;
  /** What is answered in a conversation. */
  readonly answers: MessageWords;
  /** For one person, or the security channel. */
  writeFor(reader: string): Promise<(said: Said) => string>;
  /** With the language and the zone that we know them by, where their client has named none. */
  known(actor: ChatActor): Promise<ChatActor>;
}

export type VoiceParts = ReaderParts & { readonly words: Words };

export function createVoice(parts: VoiceParts): Voice {
  const { words, clock, settings } = parts;
  const readers = createReaders(parts);
  return {
    readers,
    answers: createMessageWords(words, clock, settings),
    async writeFor(reader) {
      const as = await readers.readerOf(reader);
      return (said) => words.write(said, as);
    },
    async known(actor) {
      const { locale, timeZone } = await readers.ofActor(actor);
      return { ...actor, locale, timeZone };
    },
  };
}
