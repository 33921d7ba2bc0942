// The whole of this room for one alert: what it matches by itself, and what it makes true together with others. Its only effect
// is on the windows that it is handed; it decides nothing about people.
import type { Alert, Severity } from '../case/alert.ts';
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Windows } from '../ports/windows.ts';
import type { Catalogue } from './compiled.ts';
import { type Counting, type Observed, observe } from './correlate.ts';
import { detect, type Match } from './detect.ts';
import { judgeDue, keepMs } from './judge-due.ts';
import { windowsOf } from './onward.ts';
import { type Counted, raisedBy } from './raise.ts';

export interface JudgeParts {
  readonly catalogue: Catalogue;
  /** The roles that Countersign assumes, one for each account. */
  readonly countersignRoleArns: readonly string[];
  /** How late an event may come and still be counted right, in milliseconds. */
  readonly latenessMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the settings surely leave the person in; what only the directory can tell is not sure. */
  isInScope(policy: Policy, alert: Alert): boolean;
}

const FORGET_LATER_MS = 12 * 3_600_000;

/** A policy that asks about an alert. */
export interface Raised {
  readonly policy: Policy;
  readonly severity: Severity;
  /** Of a counted policy. */
  readonly counted?: Counted;
}

export interface Judge {
  judge(alert: Alert, isOurs: boolean, windows: Windows): Promise<readonly Raised[]>;
  /** The windows in which `judge` may count it. Pure. */
  windowsOf(alert: Alert): readonly string[];
  /** What could only be judged later, and now is; `more` may be due. The alerts come without the vendor's record. */
  judgeDue(windows: Windows): Promise<{
    readonly due: readonly { readonly alert: Alert; readonly raised: readonly Raised[] }[];
    readonly more: boolean;
  }>;
  /** What no window needs any more, and has not for half a day: a clock that runs ahead for a while must not lose events. */
  forget(windows: Windows): Promise<void>;
}

export function createJudge(parts: JudgeParts): Judge {
  const { catalogue, countersignRoleArns, latenessMs, clock, log } = parts;
  const bounds = { correlations: catalogue.correlations, latenessMs };
  const counting = (windows: Windows): Counting => ({ ...bounds, windows, nowMs: clock.now() });
  const look = (alert: Alert, isOurs: boolean) => {
    const isSureToAsk = (policy: Policy): boolean => parts.isInScope(policy, alert);
    return detect(catalogue, alert, { countersignRoleArns, isOurs, isSureToAsk });
  };

  /** What an operator must know of, beside the cases. */
  function note({ late, full }: Observed, alert: Alert): void {
    const { source, sourceId, occurredAt } = alert;
    if (late.length > 0)
      log.warn({ source, sourceId, occurredAt, correlations: late }, 'event came too late to be counted');
    for (const { correlation, window } of full)
      log.error({ correlation: correlation.key, window }, 'window is full, its events are no longer counted');
  }

  return {
    async judge(alert, isOurs, windows) {
      const { matches, observations } = look(alert, isOurs);
      const event = { id: alert.sourceId, atMs: Date.parse(alert.occurredAt) };
      const observed = await observe(observations, event, withoutRecord(alert), counting(windows));
      note(observed, alert);
      // One Graph alert is one question; a CloudTrail call may well break two policies.
      const kept = alert.source === 'graph' ? firstOfEachStage(matches) : matches;
      return askedFirst([...kept, ...raisedBy(observed, alert)]);
    },
    windowsOf: (alert) => windowsOf(look(alert, false).observations),
    async judgeDue(windows) {
      const { judged, more } = await judgeDue(counting(windows));
      const due = judged.map((one) => {
        const alert = JSON.parse(one.body) as Alert;
        note(one, alert);
        return { alert, raised: askedFirst(raisedBy(one, alert)) };
      });
      return { due, more };
    },
    forget: (windows) => windows.forget(clock.now() - keepMs(bounds) - FORGET_LATER_MS),
  };
}

/** What is only monitored must not stand in the place of the question, and what comes from outside not in that of what is built in. */
function firstOfEachStage(matches: readonly Match[]): readonly Match[] {
  const ownFirst = matches.toSorted((a, b) => Number(a.policy.outside) - Number(b.policy.outside));
  return ownFirst.filter(
    ({ policy }, at) => ownFirst.findIndex((other) => other.policy.stage === policy.stage) === at,
  );
}

/** The first is the alert's own case: the one in which somebody answers, where there is one. */
const askedFirst = (raised: readonly Raised[]): readonly Raised[] =>
  raised.toSorted((a, b) => Number(a.policy.stage !== 'ask') - Number(b.policy.stage !== 'ask'));

/** What a case is opened with later: of the vendor's record only what the call was, as everywhere in the store. */
function withoutRecord(alert: Alert): string {
  const { eventSource = null, eventName = null } = alert.event;
  const event: JsonObject = alert.source === 'graph' ? {} : { eventSource, eventName };
  return JSON.stringify({ ...alert, event } satisfies Alert);
}
