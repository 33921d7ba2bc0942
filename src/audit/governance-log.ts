// The governance log: who asked, who decided, what was planned, done, verified and undone, with request ids. Read off the trail,
// which cannot be quietly altered; what the trail does not say is not in it.
import type { Case } from '../case/case.ts';
import type { JsonObject } from '../case/json.ts';
import type { Run } from '../case/run.ts';
import type { Said } from '../case/said.ts';
import { type Target, targetKey, targetLabel } from '../case/target.ts';
import type { AuditEntry } from '../ports/audit-trail.ts';
import { FOR_THE_RECORD, type Words } from '../ports/words.ts';
import { eventOf, type GovernanceEvent } from './governance-events.ts';
import { objectOf, saysOf, texts } from './governance-words.ts';

export interface GovernanceRecord {
  /** `<id of the chain>/<sequence in it>`: the same for every reading. */
  readonly uid: string;
  readonly at: string;
  /** Reference; null for what is about no case in particular, such as a delegation or a policy kept quiet. */
  readonly case: string | null;
  readonly event: GovernanceEvent;
  /** Null once the person has been erased from the trail. */
  readonly by: { readonly id: string; readonly name: string } | null;
  readonly action: string | null;
  readonly target: string | null;
  /** The same thing as others know it, with object id, account or ARN. */
  readonly targetKey: string | null;
  /** Of the run, where it is about one. */
  readonly run: string | null;
  readonly dryRun: boolean;
  /** What was shown, said or proven, in sentences; times in ISO 8601. */
  readonly says: readonly string[];
  /** Of the vendor's answers, the one that refused among them. */
  readonly requestIds: readonly string[];
}

/** In the order of the chain. `about`: null where the chain is about no case. */
export function governanceLog(
  about: Case | null,
  runs: readonly Run[],
  entries: readonly AuditEntry[],
  words: Words,
): readonly GovernanceRecord[] {
  const write = (said: Said): string => words.write(said, FOR_THE_RECORD);
  return entries.flatMap((entry) => {
    const event = eventOf(entry.kind, entry.facts.dryRun === true);
    return event ? [recordOf(event, entry, { about, runs, write })] : [];
  });
}

/** One record for people to read. */
export function logLine(record: GovernanceRecord): string {
  const what = [record.action, record.target].filter(Boolean).join(' on ');
  return [
    record.at.slice(0, 19),
    record.case ?? '-',
    record.event.padEnd(12),
    record.by?.name ?? '(erased)',
    ...(what ? [what] : []),
    ...(record.dryRun ? ['(dry run)'] : []),
    // Before what a message may cut.
    ...(record.requestIds.length > 0 ? [`requests: ${record.requestIds.join(', ')}`] : []),
    ...record.says,
  ].join('  ');
}

interface Reading {
  readonly about: Case | null;
  readonly runs: readonly Run[];
  readonly write: (said: Said) => string;
}

function recordOf(
  event: GovernanceEvent,
  entry: AuditEntry,
  { about, runs, write }: Reading,
): GovernanceRecord {
  const { facts, personal } = entry;
  // What a run is about names people: it goes with what was erased.
  const run = (personal && runs.find((one) => one.id === facts.run)) ?? null;
  const noted = objectOf(personal?.personal);
  const target = targetIn(noted) ?? run?.target ?? null;
  return {
    uid: `${entry.caseId}/${entry.seq}`,
    at: entry.at,
    case: about?.ref ?? null,
    event,
    by: actorOf(entry),
    action: texts(facts.action)[0] ?? run?.action ?? null,
    target: target && targetLabel(target),
    targetKey: target && targetKey(target),
    run: texts(facts.run)[0] ?? null,
    dryRun: facts.dryRun === true || objectOf(noted.question).dryRun === true,
    says: saysOf(event, entry, run, write),
    requestIds: [facts.requestIds, facts.requestId, facts.failedRequestId].flatMap(texts),
  };
}

/** As the case holds it: the trail has a copy. */
function targetIn({ target }: JsonObject): Target | null {
  const { kind } = objectOf(target);
  return typeof kind === 'string' ? (target as unknown as Target) : null;
}

function actorOf({ personal }: AuditEntry): GovernanceRecord['by'] {
  const actor = objectOf(personal?.actor);
  return typeof actor.id === 'string' ? { id: actor.id, name: String(actor.name ?? '') } : null;
}
