// Who reads: in which language and zone. Never fails a card: a directory that does not answer is one that says nothing.
import { SECURITY_READER } from '../case/ask-step.ts';
import { errorText } from '../case/errors.ts';
import { chooseLocale, languageOf } from '../case/languages.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { CaseStore, Reachable } from '../ports/case-store.ts';
import type { ChatActor } from '../ports/chat.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import type { Log } from '../ports/log.ts';
import type { Reader } from '../ports/words.ts';

export interface ReaderParts {
  readonly store: Pick<CaseStore, 'findReachable'>;
  readonly directory: Pick<Directory, 'findUser'>;
  readonly clock: Clock;
  readonly settings: Pick<OperatorSettings, 'locale' | 'timeZone'>;
  readonly tenantId: string;
  readonly log: Log;
}

export interface Readers {
  /** A person's object id, or `SECURITY_READER`. `known`: what the store has of them, where the caller has looked already. */
  readerOf(id: string, known?: Reachable | null): Promise<Reader>;
  /** Whoever has just written or pressed: what their client said with it comes first. */
  ofActor(actor: ChatActor): Promise<Reader>;
}

type Preferences = Pick<Reachable, 'locale' | 'timeZone'>;

const HOUR_MS = 3_600_000;
/** After a silence: the next card need not wait for the same silence again. */
const MINUTE_MS = 60_000;
const MOST_WAIT_MS = 2_000;
const MOST_PEOPLE = 10_000;

export function createReaders(parts: ReaderParts): Readers {
  const { store, clock, settings, tenantId } = parts;
  const languages = createLanguages(parts);

  async function read(id: string, { locale, timeZone }: Preferences): Promise<Reader> {
    const isTheirs = locale !== undefined && languageOf(locale) !== null;
    const inDirectory = isTheirs ? null : await languages.of(id);
    return {
      locale: chooseLocale([locale, inDirectory, settings.locale]),
      timeZone: timeZone ?? settings.timeZone,
      now: isoTime(clock),
    };
  }

  return {
    async readerOf(id, known) {
      if (id === SECURITY_READER)
        return {
          locale: chooseLocale([settings.locale]),
          timeZone: settings.timeZone,
          now: isoTime(clock),
        };
      const found = known === undefined ? await store.findReachable(tenantId, id) : known;
      return read(id, found ?? {});
    },
    async ofActor({ id, locale, timeZone }) {
      const isSaid = locale !== undefined && timeZone !== undefined;
      const known = isSaid ? null : await store.findReachable(tenantId, id);
      return read(id, {
        ...known,
        ...(locale !== undefined && { locale }),
        ...(timeZone !== undefined && { timeZone }),
      });
    },
  };
}

interface Known {
  readonly language: string | null;
  readonly until: number;
}

/** What the directory says of people's languages: asked once an hour each, and waited for only so long. */
function createLanguages({ directory, clock, log }: ReaderParts) {
  const known = new Map<string, Known>();
  const asked = new Map<string, Promise<string | null>>();

  function remember(id: string, language: string | null, forMs: number): void {
    known.delete(id);
    known.set(id, { language, until: clock.now() + forMs });
    for (const oldest of known.keys()) {
      if (known.size <= MOST_PEOPLE) return;
      known.delete(oldest);
    }
  }

  /** An answer that comes too late for this card is there for the next one. */
  async function ask(id: string): Promise<string | null> {
    try {
      const user = await directory.findUser(id);
      const language = user?.preferredLanguage ?? null;
      remember(id, language, HOUR_MS);
      return language;
    } catch (error) {
      log.warn({ person: id, error: errorText(error) }, 'the directory did not say a language');
      return silent(id);
    }
  }

  /** What was known before stays so. */
  function silent(id: string): string | null {
    const language = known.get(id)?.language ?? null;
    remember(id, language, MINUTE_MS);
    return language;
  }

  function asking(id: string): Promise<string | null> {
    const answer = ask(id).finally(() => asked.delete(id));
    asked.set(id, answer);
    return answer;
  }

  return {
    async of(id: string): Promise<string | null> {
      const before = known.get(id);
      if (before && clock.now() < before.until) return before.language;
      const language = await within(MOST_WAIT_MS, asked.get(id) ?? asking(id));
      if (language !== undefined) return language;
      log.warn({ person: id }, 'the directory was too slow to say a language');
      return silent(id);
    },
  };
}

/** Undefined where it takes longer. */
async function within<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
