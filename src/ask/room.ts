// Everything that asks and shows, put together: whose language, how a case is drawn, who is told of it, and where cards go.
import type { Case } from '../case/case.ts';
import type { CardContent } from '../ports/messenger.ts';
import type { Notices } from '../ports/notices.ts';
import type { AskParts } from './deliver.ts';
import { createNotices, type NoticeParts } from './notices.ts';
import { drawCase, type ViewOptions, type ViewParts } from './view.ts';
import { createVoice, type Voice, type VoiceParts } from './voice.ts';

export type AskRoomParts = VoiceParts &
  Omit<NoticeParts, 'draw' | 'writeFor'> &
  Omit<ViewParts, 'readerOf'> & { readonly defaultServiceUrl: string };

export interface AskRoom {
  readonly voice: Voice;
  readonly notices: Notices;
  readonly asking: AskParts;
  draw(about: Case, reader: string, options: ViewOptions): Promise<CardContent>;
}

export function createAskRoom(parts: AskRoomParts): AskRoom {
  const { directory, settings } = parts;
  const voice = createVoice(parts);
  const { readers, writeFor } = voice;
  const draw: AskRoom['draw'] = (about, reader, options) =>
    drawCase(about, reader, options, { ...parts, readerOf: readers.readerOf });
  return {
    voice,
    draw,
    notices: createNotices({ ...parts, writeFor, draw: (about, reader) => draw(about, reader, {}) }),
    asking: {
      ...{ ...parts, readers, draw, securityChannel: settings.security.channel },
      isHere: async (person) => (await directory.findUser(person))?.enabled === true,
    },
  };
}
