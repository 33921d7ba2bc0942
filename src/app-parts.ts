// What the flow is made of, and what it answers to: the parts that compose.ts builds, and the app that they make. Types only.
import type { OperatorSettings } from './case/settings.ts';
import type { Catalogue } from './detect/compiled.ts';
import type { GovernanceAction, World } from './govern/action.ts';
import type { Receipt } from './ingest/accept-alerts.ts';
import type { PollReport } from './ingest/poll-graph.ts';
import type { WatchReport } from './ingest/watch-buckets.ts';
import type { AlertSource } from './ports/alert-source.ts';
import type { AppInstaller } from './ports/app-installer.ts';
import type { AuditTrail } from './ports/audit-trail.ts';
import type { Calendars } from './ports/calendars.ts';
import type { CaseStore } from './ports/case-store.ts';
import type { Chat } from './ports/chat.ts';
import type { Clock } from './ports/clock.ts';
import type { Ids } from './ports/ids.ts';
import type { Log } from './ports/log.ts';
import type { Mailer } from './ports/mailer.ts';
import type { Messenger } from './ports/messenger.ts';
import type { FreshSignIn } from './ports/sign-ins.ts';
import type { Words } from './ports/words.ts';
import type { StepHandlers } from './worker.ts';

export interface AppParts {
  readonly tenantId: string;
  readonly settings: OperatorSettings;
  readonly catalogue: Catalogue;
  readonly actions: ReadonlyMap<string, GovernanceAction>;
  readonly store: CaseStore;
  /** The same store, for reading what went on record. */
  readonly trail: Pick<AuditTrail, 'entriesOf'>;
  readonly alerts: AlertSource;
  readonly world: Omit<World, 'notices' | 'clock' | 'settings'>;
  /** When people work, and whether they are away. */
  readonly calendars: Calendars;
  /** Null where the settings name no mailbox. */
  readonly mailer: Mailer | null;
  readonly installer: AppInstaller;
  readonly messenger: Messenger;
  /** Where the security channel lives before any activity came from it. */
  readonly defaultServiceUrl: string;
  /** Where people sign in afresh; absent where no such page is set up. */
  readonly signInPage?: string;
  readonly words: Words;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** How long a call by our own role may take to get on record; `OWN_ROLE_DELAY_MS` when absent. */
  readonly ownRoleDelayMs?: number;
  /** How long a question that has to be asked anew waits for more of the same burst; `ASK_ANEW_MS` when absent. */
  readonly askAnewMs?: number;
  /** Between the two looks that prove a change, in milliseconds; `RECHECK_MS` when absent. */
  readonly recheckMs?: number;
  /** Before AWS is asked again about a bucket; by the system's own time when absent. */
  readonly pause?: (ms: number) => Promise<unknown>;
  /** Steps may be due. */
  wake(): void;
}

export interface App {
  /** Both commit before they answer; malformed input throws `ingest.*` and stores nothing. */
  acceptGraph(body: unknown): Promise<readonly Receipt[]>;
  acceptCloudTrail(body: unknown): Promise<readonly Receipt[]>;
  pollGraph(): Promise<PollReport>;
  /** Looks at the accounts' buckets for public ones. */
  watchBuckets(): Promise<WatchReport>;
  /** Judges what could not be judged when it came, and forgets what no window needs. Any number of replicas may. */
  sweep(): Promise<void>;
  /** Keeps a fresh sign-in, or throws. */
  signedIn(signIn: FreshSignIn): Promise<void>;
  readonly chat: Chat;
  readonly steps: StepHandlers;
}
