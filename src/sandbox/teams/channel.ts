// What lies between Teams and a bot: signs what people do, adds what a local client leaves out, hands back the bot's answer.
// Only ever with the sandbox's own issuer.
import { errorText } from '../../case/errors.ts';
import type { Issuer } from '../issuer.ts';
import type { Person } from '../people.ts';
import type { Activity } from './activities.ts';
import { CallRefused, type Reply } from './loopback-server.ts';

export interface TeamsRelayOptions {
  /** The bot's own `.../api/messages`. */
  readonly botUrl: string;
  readonly issuer: Issuer;
  readonly appId: string;
  readonly tenantId: string;
  readonly people: readonly Person[];
}
/** Throws CallRefused 502 when the bot does not answer. */
export type TeamsRelay = (activity: Activity) => Promise<Reply>;

const BOT_TOKEN_ISSUER = 'https://api.botframework.com';
const TOKEN_SECONDS = 300;
/** Teams gives up on a bot after about 10 s, or 15 for a message. */
const BOT_TIMEOUT_MS = 15_000;

export function createTeamsRelay(options: TeamsRelayOptions): TeamsRelay {
  return async (activity) => {
    const claims = { iss: BOT_TOKEN_ISSUER, aud: options.appId, serviceurl: activity.serviceUrl };
    const token = await options.issuer.sign(claims, { expiresInSeconds: TOKEN_SECONDS });
    const answer = await fetch(options.botUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(completed(activity, options)),
      signal: AbortSignal.timeout(BOT_TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new CallRefused(502, `The bot does not answer: ${errorText(error)}`);
    });
    const text = await answer.text();
    return { status: answer.status, ...(text ? { body: parsed(text) } : {}) };
  };
}

type Loose = Readonly<Record<string, unknown>>;
const loose = (value: unknown): Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};

/** What Teams always fills in and a local client may leave out. What is there is never changed. */
function completed(activity: Activity, { tenantId, people }: TeamsRelayOptions): Activity {
  const from = loose(activity.from);
  const person = people.find((one) => one.teamsId === from.id);
  return {
    channelId: 'msteams',
    ...activity,
    from: { ...(person ? { name: person.displayName, aadObjectId: person.id } : {}), ...from },
    conversation: { tenantId, ...loose(activity.conversation) },
    channelData: { tenant: { id: tenantId }, ...loose(activity.channelData) },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
