// A reader of one case: what their Teams and the directory say of their language, and the card that they get for it.
import path from 'node:path';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { createReaders } from '../../src/ask/reader.ts';
import { drawCase, type ViewOptions, type ViewParts } from '../../src/ask/view.ts';
import type { Case } from '../../src/case/case.ts';
import type { Run } from '../../src/case/run.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import { takesFor } from '../../src/decide/takes.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import { MANAGER, settings as usual } from '../helpers/cases.ts';
import { testWords } from '../helpers/english.ts';
import { createLogDouble } from '../helpers/teams-channel.ts';

const render = createCardRenderer(path.join(import.meta.dirname, '../../cards'));
export const NOW = '2026-11-21T13:05:00.000Z';

export interface Reading {
  readonly reader?: string;
  /** As their Teams says. */
  readonly teams?: string;
  /** As the directory says. */
  readonly directory?: string;
  readonly settings?: Partial<OperatorSettings>;
  readonly runs?: readonly Run[];
  readonly options?: ViewOptions;
}

/** The card that they get. */
export async function contentFor(about: Case, reading: Reading): Promise<CardContent> {
  const { reader = MANAGER, teams, directory, runs = [], options = {} } = reading;
  const settings: OperatorSettings = { ...usual, ...reading.settings };
  const clock = { now: () => Date.parse(NOW) };
  const store = {
    findReachable: async (tenantId: string, id: string) =>
      id === reader
        ? {
            ...{ tenantId, id, teamsId: '', conversation: { id: `chat-${id}`, serviceUrl: '' } },
            ...(teams && { locale: teams }),
          }
        : null,
    runsOf: async () => runs,
  } as Partial<ViewParts['store']> as ViewParts['store'];
  const { readerOf } = createReaders({
    ...{ store, clock, settings, tenantId: 'tenant', log: createLogDouble() },
    directory: {
      findUser: async (id) => ({
        ...{ id: MANAGER, displayName: id, userPrincipalName: id },
        ...{ enabled: true, guest: false, synced: false },
        ...(directory && { preferredLanguage: directory }),
      }),
    },
  });
  return drawCase(about, reader, options, {
    ...{ store, clock, settings, tenantId: 'tenant', words: testWords, readerOf },
    ...{ canUndo: () => false, undoLetsIn: () => false, takes: takesFor },
  });
}

export const textOf = (content: CardContent): string =>
  JSON.stringify(render(content)).replaceAll('\\\\', '').replaceAll('\\"', '"');

/** The same as Teams gets it, markdown unescaped. */
export const cardFor = async (about: Case, reading: Reading): Promise<string> =>
  textOf(await contentFor(about, reading));
