// Teams itself, as far as a bot can tell: takes what the bot writes, keeps it, and brings what people do. Works without any
// screen; Microsoft's local client can be put in front of it as one person's window.
import type { Issuer } from '../issuer.ts';
import { chatIdOf, type Person } from '../people.ts';
import { type Activity, activityBuilder, type Channel, usualLocale } from './activities.ts';
import { createTeamsRelay } from './channel.ts';
import { type ClientView, createClientView } from './client-view.ts';
import { connectorRoutes, type PlannedFault } from './connector-routes.ts';
import { asCardActivity, createConversations, type Message, threadless } from './conversations.ts';
import { type Call, CallRefused, type Reply, serveJson } from './loopback-server.ts';
import { scriptRoutes } from './script-routes.ts';

export interface TeamsServiceOptions {
  /** 0 takes a free one. Conversations are stored with this port in them: keep it from run to run. */
  readonly port: number;
  /** The bot's own `.../api/messages`. */
  readonly botUrl: string;
  readonly issuer: Issuer;
  readonly appId: string;
  readonly tenantId: string;
  readonly people: readonly Person[];
  readonly channel: Channel;
  /** As `onChange` handed it out at an earlier run. */
  readonly saved?: readonly Message[];
  readonly onChange?: (messages: readonly Message[]) => void;
}
export interface TeamsService {
  /** The bot writes here; scripts look and act here (see script-routes.ts). `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What this person's local client is told to post activities to. */
  clientEndpoint(person: Person): string;
  /** From now on the local client with this connector shows what its person can see. */
  attachClient(person: Person, serviceUrl: string): void;
  /** The bot's next writes meet this. */
  fault(fault: PlannedFault): void;
  /** The app came to somebody, through Graph for example: Teams tells the bot. Resolves once the bot has answered. */
  install(person: Person): Promise<void>;
  close(): Promise<void>;
}

const CLIENT_PATH = /^\/client\/([0-9a-f-]+)\/api\/messages$/;
const CARD_ANSWER = 'application/vnd.microsoft.card.adaptive';

export async function startTeamsService(options: TeamsServiceOptions): Promise<TeamsService> {
  const { appId, tenantId, people, channel } = options;
  const conversations = createConversations(options.saved, options.onChange);
  const tellSigned = createTeamsRelay(options);
  const without = new Set<string>();
  let url = '';
  /** By the object id of whoever plays. */
  const views = new Map<string, ClientView>();
  const shown = (message: Message, target: string): void => {
    for (const view of views.values()) view.written(message, target);
  };
  /** By object id, for those who have set their Teams to another language. */
  const chosen = new Map<string, string | null>();
  const localeOf = (person: Person): string | null => {
    const locale = chosen.get(person.id);
    return locale === undefined ? usualLocale(person) : locale;
  };
  const activities = () => activityBuilder({ appId, tenantId, serviceUrl: url, localeOf });

  const connector = connectorRoutes({
    appId,
    issuer: options.issuer,
    conversations,
    mayWriteTo: (id) => {
      if (id === channel.id) return true;
      const person = people.find((one) => chatIdOf(one, appId) === id);
      return person ? !without.has(person.id) : null;
    },
    onWrite: shown,
  });

  async function tellBot(activity: Activity): Promise<Reply> {
    const answer = await tellSigned(activity);
    const body = answer.body as { readonly type?: unknown; readonly value?: unknown } | undefined;
    const { id } = activity.conversation as { readonly id: string };
    if (body?.type === CARD_ANSWER && typeof activity.replyToId === 'string') {
      const message = conversations.replace(threadless(id), activity.replyToId, asCardActivity(body.value));
      shown(message, id);
    }
    return answer;
  }

  async function setInstalled(person: Person, installed: boolean): Promise<Reply> {
    if (installed) without.delete(person.id);
    else without.add(person.id);
    return tellBot(installed ? activities().installed({ person }) : activities().removed({ person }));
  }

  /** What the local client sends, sent on as Teams would. It asks with HEAD whether a bot is there. */
  async function fromClient({ method, body }: Call, view: ClientView | undefined): Promise<Reply> {
    if (method === 'HEAD') return { status: 200 };
    const activity = body as Activity | undefined;
    if (method !== 'POST' || !view || !isAddressed(activity))
      throw new CallRefused(400, 'This is no activity.');
    const answer = await tellBot(view.outward(activity));
    if (activity.type === 'installationUpdate' && activity.action === 'add') {
      view.opened(activity.conversation.id);
    }
    return answer;
  }

  const forScripts = scriptRoutes({
    ...{ appId, people, channel, conversations, activities, tellBot, setInstalled },
    plan: connector.plan,
    choose: (person, locale) => void chosen.set(person.id, locale),
  });
  const server = await serveJson(options.port, async (call) => {
    const player = CLIENT_PATH.exec(call.path)?.[1];
    if (player) return fromClient(call, views.get(player));
    return (await connector.handle(call)) ?? (await forScripts(call));
  });
  url = server.url;
  return {
    url,
    clientEndpoint: ({ id }) => `${url}/client/${id}/api/messages`,
    attachClient: ({ id }, serviceUrl) => {
      views.set(id, createClientView({ serviceUrl, conversations, teamsServiceUrl: url }));
    },
    fault: connector.plan,
    install: async (person) => void (await setInstalled(person, true)),
    close: server.close,
  };
}

const isAddressed = (
  activity: Activity | undefined,
): activity is Activity & { readonly conversation: { readonly id: string } } =>
  typeof (activity?.conversation as { readonly id?: unknown } | undefined)?.id === 'string';
