// The part of an activity that is read, parsed once. Everything in it is untrusted until the token and the tenant hold.
import { z } from 'zod';
import { DoorRefusal } from './refusal.ts';

const text = (most: number) => z.string().max(most);
const Account = z.object({
  id: text(256).min(1),
  name: z.string().nullish(),
  aadObjectId: text(64).nullish(),
});

const Activity = z.object({
  type: text(64).min(1),
  id: text(512).nullish(),
  /** Of an invoke: `adaptiveCard/action`. */
  name: text(128).nullish(),
  /** Of an installationUpdate: add, add-upgrade, remove, remove-upgrade. */
  action: text(64).nullish(),
  channelId: text(64),
  serviceUrl: text(1024).min(1),
  from: Account,
  recipient: Account.nullish(),
  conversation: z.object({
    id: text(512).min(1),
    tenantId: text(64).nullish(),
    conversationType: text(32).nullish(),
  }),
  channelData: z
    .object({
      tenant: z.object({ id: text(64).nullish() }).nullish(),
      channel: z.object({ id: text(512).nullish() }).nullish(),
      eventType: text(64).nullish(),
    })
    .nullish(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  replyToId: text(512).nullish(),
  locale: text(64).nullish(),
  localTimezone: text(64).nullish(),
  entities: z
    .array(
      z.object({
        type: z.string().nullish(),
        timezone: z.unknown().optional(),
        locale: z.unknown().optional(),
        /** Of a mention: `<at>Priya Nair</at>`, as the text has it. */
        text: z.unknown().optional(),
        mentioned: z.unknown().optional(),
      }),
    )
    .max(500)
    .nullish(),
  membersAdded: z.array(Account).max(1000).nullish(),
  membersRemoved: z.array(Account).max(1000).nullish(),
});
export type InboundActivity = z.infer<typeof Activity>;

/** Throws DoorRefusal 400, naming the first field that is wrong. */
export function parseActivity(body: unknown): InboundActivity {
  const parsed = Activity.safeParse(body);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'body';
  throw new DoorRefusal(400, 'activity-malformed', `The activity is malformed: ${field}.`);
}

/** Longest line that is looked at: commands are short, and the rest of a novel is nobody's command. */
const MAX_TEXT = 2000;
const MENTION = /<at[^>]{0,200}>([^<]{0,500})<\/at>/gi;

/** Mentions of anybody but the bot, as the text has them. One that no entity explains is taken for the bot's. */
function mentionsOfOthers({ entities, recipient }: InboundActivity): ReadonlySet<unknown> {
  const others = (entities ?? []).filter(({ type, mentioned }) => {
    const id = Object(mentioned).id;
    return type === 'mention' && typeof id === 'string' && recipient != null && id !== recipient.id;
  });
  return new Set(others.map((one) => one.text));
}

/** What they typed: without the bot's own mention, others as `@name`, on one line, bounded. */
export function spokenText(activity: InboundActivity): string {
  const others = mentionsOfOthers(activity);
  return (activity.text ?? '')
    .slice(0, MAX_TEXT * 2)
    .replace(MENTION, (mention, name: string) => (others.has(mention) ? ` @${name} ` : ' '))
    .replaceAll('&nbsp;', ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT);
}
