// The whole flow on one screen: ingest -> detect -> route -> ask -> decide -> govern. The only place where rooms meet.

import type { App, AppParts } from './app-parts.ts';
import { createCardDoors } from './ask/card-doors.ts';
import { ask, rerouteFrom } from './ask/deliver.ts';
import { keepSignIn } from './ask/keep-sign-in.ts';
import { plainText } from './ask/plain-text.ts';
import { refresh } from './ask/refresh-copy.ts';
import { createAskRoom } from './ask/room.ts';
import { tell } from './ask/tell.ts';
import { tellAdmin } from './ask/tell-admin.ts';
import { governanceLog, logLine } from './audit/governance-log.ts';
import type { Alert } from './case/alert.ts';
import type { Run } from './case/run.ts';
import { chase } from './chase/chase.ts';
import type { ChaseParts } from './chase/parts.ts';
import { createClockFor } from './chase/question-clock.ts';
import { createWindUp } from './chase/wind-up.ts';
import { runCommand } from './commands/index.ts';
import { approve } from './decide/approve.ts';
import { answerAnyClick, type DigestConversation } from './decide/digest.ts';
import { createPeople } from './decide/people.ts';
import { takesFor } from './decide/takes.ts';
import { createTools, othersReadAlong } from './decide/tools.ts';
import { createJudge, type Raised } from './detect/judge-alert.ts';
import type { World } from './govern/action.ts';
import { choicesIn } from './govern/choices.ts';
import { followUp } from './govern/follow-up.ts';
import { namedTarget } from './govern/named-target.ts';
import type { GovernParts } from './govern/parts.ts';
import { planOffers } from './govern/plan-offers.ts';
import { verify } from './govern/prove.ts';
import { act } from './govern/run-action.ts';
import { undo } from './govern/undo/run.ts';
import { canUndo, undoLetsIn } from './govern/undo/window.ts';
import { type WriteBackParts, writeBack } from './govern/write-back.ts';
import { acceptAlerts, type Receipt } from './ingest/accept-alerts.ts';
import { checkSource } from './ingest/check-source.ts';
import { createResolvedCheck } from './ingest/is-resolved.ts';
import { openDue } from './ingest/open-due.ts';
import { pollGraph } from './ingest/poll-graph.ts';
import { refuseFuture } from './ingest/refuse-future.ts';
import { parseCloudTrail } from './ingest/sources/cloudtrail-event.ts';
import { parseGraphAlerts } from './ingest/sources/graph-alert.ts';
import { watchBuckets } from './ingest/watch-buckets.ts';
import { createReading } from './ingest/written-target.ts';
import { climbChain } from './route/climb-chain.ts';
import { nextToAsk } from './route/next-to-ask.ts';
import { openingsOf } from './route/openings.ts';
import type { RouteParts } from './route/parts.ts';
import { isSurelyInScope } from './route/point-out.ts';
import { OWN_ROLE_DELAY_MS, OWN_ROLE_POLICY, routeCase } from './route/route-case.ts';

const POLL_OVERLAP_MS = 5 * 60_000;
const MOST_LOG_LINE = 600;
const FIRST_LOOK_BACK_MS = 24 * 3_600_000;

export function createApp(parts: AppParts): App {
  const { store, settings, clock, ids, log, actions, tenantId, ownRoleDelayMs = OWN_ROLE_DELAY_MS } = parts;
  const { undoWindowMs } = settings.governance;
  const undoing = {
    canUndo: (run: Run): boolean => canUndo(run, actions, { now: clock.now(), undoWindowMs }),
    undoLetsIn: (run: Run): boolean => undoLetsIn(run, actions),
  };

  // ingest, detect
  const countersignRoleArns = settings.aws.accounts.map((account) => account.roleArn);
  const { latenessMs } = settings.detection;
  const judge = createJudge({
    ...{ catalogue: parts.catalogue, countersignRoleArns, latenessMs, clock, log },
    isInScope: (policy, alert) => isSurelyInScope(policy, alert, settings),
  });
  const openings = (raised: readonly Raised[], alert: Alert) => openingsOf(raised, alert, settings);
  const routingDelayMs = (policy: string): number => (policy === OWN_ROLE_POLICY ? ownRoleDelayMs : 0);
  const { askAnewMs } = parts;
  const opening = { store, clock, ids, routingDelayMs, ...(askAnewMs !== undefined && { askAnewMs }) };
  const accept = async (alerts: readonly Alert[]): Promise<readonly Receipt[]> => {
    const receipts = await acceptAlerts(alerts, {
      ...opening,
      judge: async (alert, isOurs, windows) => openings(await judge.judge(alert, isOurs, windows), alert),
      windowsOf: judge.windowsOf,
    });
    parts.wake();
    return receipts;
  };
  const accounts = settings.aws.accounts.map((account) => account.id);
  const parseGraph = (body: unknown): readonly Alert[] =>
    refuseFuture(parseGraphAlerts(body, { tenantId }), clock);

  // route, ask
  const { calendars, installer, messenger, mailer, words, defaultServiceUrl } = parts;
  const { directory, risk } = parts.world;
  const { voice, draw, notices, asking } = createAskRoom({
    ...{ store, clock, ids, settings, tenantId, log, words, directory, installer, messenger, mailer },
    ...{ ...undoing, defaultServiceUrl, takes: takesFor },
  });
  const world: World = { ...parts.world, notices, clock, settings };
  const routing: RouteParts = {
    ...{ store, directory, risk, calendars, installer, clock, ids, tenantId },
    ...{ settings, clockFor: createClockFor({ calendars, settings }) },
    plan: (about, subject, lastTry) => planOffers(about, subject, { actions, world, lastTry }),
  };
  const windUp = createWindUp(routing);

  // decide, govern
  const conversation: DigestConversation = {
    ...createCardDoors({ ...asking, draw, writeFor: voice.writeFor }, parts),
    ...(parts.signInPage && { signInPage: parts.signInPage }),
    ...{ ...undoing, store, clock, ids, settings, log, wake: parts.wake },
    ...createPeople(directory, risk, (user) => climbChain(directory, user)),
    capOf: (action) => settings.governance.capsPerHour[action] ?? actions.get(action)?.capPerHour ?? 0,
    strengthOf: (action) => actions.get(action)?.strength ?? 0,
    describeAction: (action) => actions.get(action) ?? null,
    ...{ ...voice.answers, ...createReading(parts.catalogue, accounts) },
    choices: (about) => choicesIn(about, { actions, world }),
    targetOf: (written) => namedTarget(written, world),
    logOf: async (about, hide) =>
      governanceLog(about, await store.runsOf(about.id), await parts.trail.entriesOf(about.id), words).map(
        (record) => `- ${plainText(hide(logLine(record)), MOST_LOG_LINE)}`,
      ),
    draw,
  };
  const chasing: ChaseParts = {
    ...{ store, clock, settings, nextToAsk: (about, lastTry) => nextToAsk(about, routing, lastTry) },
    approve: (tx, about, decision) => approve(tx, about, decision, conversation),
  };
  const isResolved = createResolvedCheck({ alerts: parts.alerts, storage: world.storage });
  const writing: WriteBackParts = { store, alerts: parts.alerts, log, words, settings };
  const { recheckMs } = parts;
  const governing: GovernParts = {
    ...{ store, actions, world, clock },
    ...(recheckMs !== undefined && { recheckMs }),
  };

  return {
    acceptGraph: async (body) => accept(parseGraph(body)),
    acceptCloudTrail: async (body) => accept(parseCloudTrail(body, { accounts })),
    pollGraph: () =>
      pollGraph({
        ...{ store, clock, log, accept, source: parts.alerts },
        parse: parseGraph,
        overlapMs: POLL_OVERLAP_MS,
        firstLookBackMs: FIRST_LOOK_BACK_MS,
      }),
    signedIn: (signIn) => keepSignIn(signIn, { store, wake: parts.wake }),
    watchBuckets: () =>
      watchBuckets({
        ...{ accounts, store, clock, log, accept, storage: world.storage, words: parts.words },
        ...(parts.pause && { pause: parts.pause }),
      }),
    async sweep() {
      const landed = await openDue({
        ...opening,
        async judgeDue(windows) {
          const { due, more } = await judge.judgeDue(windows);
          return {
            due: due.map(({ alert, raised }) => ({ alert, openings: openings(raised, alert) })),
            more,
          };
        },
      });
      await store.transact((tx) => judge.forget(tx.windows));
      if (landed + (await windUp()) > 0) parts.wake();
    },
    chat: {
      seen: (reachable) => store.saveReachable(reachable),
      gone: async (tenant, id) => {
        await store.forgetReachable(tenant, id);
        await rerouteFrom(id, asking);
        parts.wake();
      },
      clicked: async (click, actor) => answerAnyClick(click, await voice.known(actor), conversation),
      said: async (line, by) => {
        const actor = await voice.known(by);
        return othersReadAlong(actor, conversation) ?? runCommand(line, actor, createTools(conversation));
      },
    },
    steps: {
      route: (step) => routeCase(step, routing),
      ask: (step) => ask(step, asking),
      refresh: (step) => refresh(step, asking),
      tell: (step) => tell(step, asking),
      'tell-admin': (step) => tellAdmin(step, { ...asking, installer, admins: settings.security.admins }),
      chase: (step) => chase(step, chasing),
      act: (step) => act(step, governing),
      verify: (step) => verify(step, governing),
      'follow-up': (step) => followUp(step, governing),
      revert: (step) => undo(step, governing),
      'check-source': (step) => checkSource(step, { store, clock, isResolved }),
      'write-back': (step) => writeBack(step, writing),
    },
  };
}
