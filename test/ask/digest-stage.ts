// A flood on its way to one reader: two replicas that bring cards to a Teams that counts, and loses answers where it is told to.
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Store } from '../../src/adapters/store/index.ts';
import { randomIds } from '../../src/adapters/system.ts';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { type AskParts, ask } from '../../src/ask/deliver.ts';
import { createDigestDoors } from '../../src/ask/digest-doors.ts';
import { refresh } from '../../src/ask/refresh-copy.ts';
import { askStep, SECURITY_READER } from '../../src/case/ask-step.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError, errorText, isCountersignError } from '../../src/case/errors.ts';
import type { QuestionId, UserId } from '../../src/case/ids.ts';
import type { Step } from '../../src/case/run.ts';
import { answerAnyClick, type DigestConversation, sayDigest } from '../../src/decide/digest.ts';
import { takesFor } from '../../src/decide/takes.ts';
import type { ChatReply, Click } from '../../src/ports/chat.ts';
import { isoTime } from '../../src/ports/clock.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import { type Desk, inEnglish, offerOf } from '../decide/desk.ts';
import { actor, MANAGER, TENANT } from '../helpers/cases.ts';
import { testWords } from '../helpers/english.ts';

const render = createCardRenderer(path.join(import.meta.dirname, '../../cards'));
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const SERVICE = 'https://teams.example';

export interface Lying {
  readonly conversation: string;
  card: CardContent;
}
export interface DigestStage {
  /** By activity: what lies there now. */
  readonly cards: Map<string, Lying>;
  readonly sends: () => number;
  readonly edits: () => number;
  /** What the next calls do beside arriving: fail after they did, or instead. */
  readonly loses: CountersignError[];
  readonly refuses: CountersignError[];
  /** What happens while an earlier card is told that it has moved. */
  during: (() => Promise<void>) | undefined;
  /** By activity: what every edit of it meets, and how many tries there were. */
  readonly stuck: Map<string, { readonly error: CountersignError; tries: number }>;
  /** Puts so many questions, each about a person of its own. */
  flood(count: number, over?: (index: number) => Partial<Case>, reader?: string): Promise<readonly Case[]>;
  remind(about: Case, reminder: number): Promise<void>;
  /** Both replicas work until nothing is due now. */
  work(): Promise<void>;
  /** The same, and the clock goes on from one step to the next for so long. */
  pass(ms: number): Promise<void>;
  digests(): readonly (readonly [string, CardContent])[];
  /** The only one that does not point to another. */
  digest(): { readonly activityId: string; readonly card: CardContent };
  click(
    card: CardContent,
    verb: string,
    about?: Case,
    over?: Partial<Click>,
    who?: UserId,
  ): Promise<ChatReply>;
  say(wanted: Parameters<typeof sayDigest>[0], who?: UserId): Promise<ChatReply>;
  doors(store: Store): DigestConversation;
  asking(store: Store): AskParts;
}

export const unavailable = (): CountersignError =>
  new CountersignError('teams.unavailable', 'the answer was lost', { retryable: true });

export const linesOf = ({ data }: CardContent) =>
  data.lines as readonly { readonly ref: string; readonly open: boolean; readonly outcome: string }[];
export const drawn = (card: CardContent) => render(card);

export function createDigestStage(desk: () => Desk): DigestStage {
  const cards = new Map<string, Lying>();
  const [loses, refuses]: [CountersignError[], CountersignError[]] = [[], []];
  const stuck: DigestStage['stuck'] = new Map();
  let [sent, edited] = [0, 0];
  const clock = { now: () => desk().time };
  const first = (): Store => desk().stores[0] ?? assert.fail();

  const asking = (store: Store): AskParts => ({
    ...{ store, clock, ids: randomIds, settings: desk().settings, tenantId: TENANT },
    ...{ words: testWords, takes: takesFor },
    readers: {
      readerOf: async () => ({ locale: 'en-GB', timeZone: desk().settings.timeZone, now: isoTime(clock) }),
    },
    securityChannel: desk().settings.security.channel,
    defaultServiceUrl: SERVICE,
    isHere: async () => true,
    draw: async (about) => ({ template: 'own', data: { ref: about.ref } }),
    messenger: {
      async send({ id }, card) {
        const refused = refuses.shift();
        if (refused) throw refused;
        sent += 1;
        const activityId = `activity-${sent}`;
        cards.set(activityId, { conversation: id, card });
        const lost = loses.shift();
        if (lost) throw lost;
        return { activityId };
      },
      async update(_to, activityId, card) {
        edited += 1;
        const held = stuck.get(activityId);
        if (held) {
          held.tries += 1;
          throw held.error;
        }
        if (card.data.digest === '') await stage.during?.();
        const lying = cards.get(activityId);
        if (!lying) throw new CountersignError('teams.unreachable', 'there is no such activity');
        lying.card = card;
      },
    },
  });

  async function run(step: Step, store: Store): Promise<void> {
    // What else a case owes is for other rooms.
    if (step.kind !== 'ask' && step.kind !== 'refresh') return store.transact((tx) => tx.finishStep(step));
    try {
      await (step.kind === 'ask' ? ask : refresh)(step, asking(store));
    } catch (error) {
      if (!isCountersignError(error)) throw error;
      await store.retryStep(step, 1_000, errorText(error));
    }
  }

  async function work(): Promise<void> {
    const replica = async (store: Store): Promise<number> => {
      const steps = await store.takeSteps(8, 60_000);
      await Promise.all(steps.map((step) => run(step, store)));
      return steps.length;
    };
    while ((await Promise.all(desk().stores.map(replica))).some((taken) => taken > 0));
  }

  const digests = () =>
    [...cards].flatMap(([id, { card }]) => (card.template === 'digest' ? [[id, card] as const] : []));

  const stage: DigestStage = {
    ...{ cards, loses, refuses, stuck, work, asking, digests },
    during: undefined,
    sends: () => sent,
    edits: () => edited,
    async flood(count, over = () => ({}), reader = MANAGER) {
      await first().saveReachable({
        ...{ tenantId: TENANT, id: MANAGER, teamsId: '' },
        conversation: { id: `chat-${MANAGER}`, serviceUrl: SERVICE },
      });
      return Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const id =
            `00000000-0000-4000-9000-${String(Math.floor(Math.random() * 1e12)).padStart(12, '0')}` as UserId;
          const subject = { id, name: `Person ${index}`, userPrincipalName: `${id}@contoso.example` };
          const about = await desk().open([offerOf('mend.3')], {
            ...{ subject, named: [id], hint: { kind: 'entra', id } },
            ...over(index),
          });
          const question = about.question ?? assert.fail();
          // Each asks a question of its own.
          const asked: Case = {
            ...about,
            version: 2,
            question: {
              ...question,
              id: randomIds.questionId(),
              ...(reader === SECURITY_READER && { approver: { kind: 'security' as const } }),
            },
          };
          await first().transact(async (tx) => {
            await tx.saveCase(asked);
            await tx.addStep(about.id, askStep(asked.question?.id as QuestionId, reader));
          });
          return asked;
        }),
      );
    },
    remind: (about, reminder) =>
      first().transact((tx) =>
        tx.addStep(about.id, askStep(about.question?.id as QuestionId, MANAGER, reminder)),
      ),
    async pass(ms) {
      const until = desk().time + ms;
      for (;;) {
        await work();
        const due = await first().nextDueInMs();
        if (due === null || desk().time + due > until) break;
        desk().time += Math.max(due, 1);
      }
      desk().time = until;
    },
    digest() {
      const standing = digests().filter(([, { data }]) => data.digest !== '');
      assert.equal(standing.length, 1, `${standing.length} digests`);
      const [activityId, card] = standing[0] ?? assert.fail();
      return { activityId, card };
    },
    click: (card, verb, about, over = {}, who = MANAGER) =>
      answerAnyClick(
        {
          ...{ verb, caseRef: about?.ref ?? '', questionId: about?.question?.id ?? '' },
          ...{ digest: String(card.data.digest), shown: String(card.data.version) },
          ...(verb === 'approve' && { offer: 'mend.3' }),
          ...over,
        },
        actor(who, 'Morgan Reyes'),
        stage.doors(first()),
      ),
    say: (wanted, who = MANAGER) => sayDigest(wanted, actor(who, 'Morgan Reyes'), stage.doors(first())),
    doors: (store) =>
      ({
        ...desk().parts({ store }),
        log: silent,
        wake() {},
        draw: async (about: Case) => ({ template: 'own', data: { ref: about.ref } }),
        track: async () => assert.fail('a line was tracked as a card of its own'),
        ...inEnglish,
        adopt: async () => assert.fail('the list was taken for a card of one case'),
        digests: createDigestDoors(asking(store), () => undefined),
      }) as unknown as DigestConversation,
  };
  return stage;
}
