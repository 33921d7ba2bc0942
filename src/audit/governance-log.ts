// The governance log of a case: who asked, who decided, what was planned, done, verified and undone, with request ids.
// Read off the trail, which cannot be quietly altered; what the trail does not say is not in it.
import type { Case } from '../case/case.ts';
import type { Json, JsonObject } from '../case/json.ts';
import type { Run } from '../case/run.ts';
import type { Said } from '../case/said.ts';
import { targetLabel } from '../case/target.ts';
import type { AuditEntry } from '../ports/audit-trail.ts';
import { FOR_THE_RECORD, type Words } from '../ports/words.ts';

export const GOVERNANCE_EVENTS = [
  'asked',
  'told',
  'stated',
  'decided',
  'refused',
  'proposed',
  'excepted',
  'revoked',
  'voided',
  'started',
  'done',
  'verified',
  'waiting',
  'followed-up',
  'failed',
  'undo-started',
  'undone',
  'undo-failed',
] as const;
export type GovernanceEvent = (typeof GOVERNANCE_EVENTS)[number];

export interface GovernanceRecord {
  /** `<case id>/<sequence in its chain>`: the same for every reading. */
  readonly uid: string;
  readonly at: string;
  readonly case: string;
  readonly event: GovernanceEvent;
  /** Null once the person has been erased from the trail. */
  readonly by: { readonly id: string; readonly name: string } | null;
  readonly action: string | null;
  readonly target: string | null;
  /** Of the run, where it is about one. */
  readonly run: string | null;
  readonly dryRun: boolean;
  /** What was shown, said or proven, in sentences; times in ISO 8601. */
  readonly says: readonly string[];
  readonly requestIds: readonly string[];
}

const EVENT_OF: Readonly<Record<string, GovernanceEvent>> = {
  'question.asked': 'asked',
  'question.monitored': 'asked',
  'security.told': 'told',
  'subject.asked': 'told',
  'subject.stated': 'stated',
  'decision.approve': 'decided',
  'decision.dismiss': 'decided',
  'decision.escalate': 'decided',
  'decision.undo': 'decided',
  'decision.refused': 'refused',
  'case.proposed': 'proposed',
  'exception.made': 'excepted',
  'exception.revoked': 'revoked',
  'run.voided': 'voided',
  'run.executing': 'started',
  'run.executed': 'done',
  'run.not-yet': 'waiting',
  'run.begun-anew': 'waiting',
  'run.again': 'waiting',
  'run.paused': 'waiting',
  'run.resumed': 'waiting',
  'run.verified': 'verified',
  'run.followed-up': 'followed-up',
  'run.relapsed': 'failed',
  'run.failed': 'failed',
  'run.reverting': 'undo-started',
  'run.reverted': 'undone',
  'run.revert-failed': 'undo-failed',
};

/** In the order of the chain. Entries that are about nothing of governance (alerts that joined, cards that were sent) are left out. */
export function governanceLog(
  about: Case,
  runs: readonly Run[],
  entries: readonly AuditEntry[],
  words: Words,
): readonly GovernanceRecord[] {
  const write = (said: Said): string => words.write(said, FOR_THE_RECORD);
  return entries.flatMap((entry) => {
    const event = EVENT_OF[entry.kind];
    return event ? [recordOf(event, entry, { about, runs, write })] : [];
  });
}

/** One record for people to read. */
export function logLine(record: GovernanceRecord): string {
  const what = [record.action, record.target].filter(Boolean).join(' on ');
  return [
    record.at.slice(0, 19),
    record.case,
    record.event.padEnd(12),
    record.by?.name ?? '(erased)',
    ...(what ? [what] : []),
    ...(record.dryRun ? ['(dry run)'] : []),
    ...record.says,
    ...(record.requestIds.length > 0 ? [`requests: ${record.requestIds.join(', ')}`] : []),
  ].join('  ');
}

interface Reading {
  readonly about: Case;
  readonly runs: readonly Run[];
  readonly write: (said: Said) => string;
}

function recordOf(
  event: GovernanceEvent,
  entry: AuditEntry,
  { about, runs, write }: Reading,
): GovernanceRecord {
  const run = runs.find((one) => one.id === entry.facts.run);
  return {
    uid: `${entry.caseId}/${entry.seq}`,
    at: entry.at,
    case: about.ref,
    event,
    by: actorOf(entry),
    action: run?.action ?? null,
    target: run ? targetLabel(run.target) : null,
    run: run?.id ?? null,
    dryRun: entry.facts.dryRun === true,
    says: saysOf(event, entry, run, write),
    requestIds: texts(entry.facts.requestIds),
  };
}

function actorOf({ personal }: AuditEntry): GovernanceRecord['by'] {
  const actor = objectOf(personal?.actor);
  return typeof actor.id === 'string' ? { id: actor.id, name: String(actor.name ?? '') } : null;
}

function saysOf(
  event: GovernanceEvent,
  { kind, facts, personal }: AuditEntry,
  run: Run | undefined,
  write: Reading['write'],
): readonly string[] {
  const noted = objectOf(personal?.personal);
  switch (event) {
    case 'asked':
      return askedWords(objectOf(noted.question));
    case 'decided':
      return [decidedWords(facts), ...signatureWords(facts, noted), ...texts(noted.comment)];
    case 'stated':
      return [facts.was === 'me' ? 'It was me.' : 'It was not me.', ...texts(noted.comment)];
    case 'refused':
      return [String(facts.code)];
    case 'excepted':
      return [
        `${texts(facts.exception)}: until ${texts(facts.until)}, ${texts(noted.says)}`,
        ...texts(noted.comment),
      ];
    case 'revoked':
      return [...texts(facts.exception), `held back ${Number(facts.held)}`];
    case 'waiting':
      return waitingWords(kind, facts, texts(noted.says));
    case 'started':
      return (run?.shown?.says ?? []).map(write);
    default:
      return [...texts(noted.say), ...texts(noted.says), ...(facts.reason ? [String(facts.reason)] : [])];
  }
}

const decidedWords = ({ verb, offer, anyway }: JsonObject): string =>
  [verb, offer, anyway ? 'anyway' : null].filter(Boolean).join(' ');

/** Of an answer that had no effect before a second person gave the same. */
function signatureWords({ awaits, firstSignature }: JsonObject, noted: JsonObject): readonly string[] {
  if (awaits) return [['a signature, which decides nothing by itself', ...texts(noted.awaits)].join(': ')];
  return firstSignature ? ['first signature, a second person has to confirm it'] : [];
}

/** While the vendor keeps us waiting, and when it goes on. */
function waitingWords(kind: string, { code }: JsonObject, says: readonly string[]): readonly string[] {
  if (kind === 'run.resumed') return ['It goes on.'];
  return kind === 'run.paused' ? ['It is tried again by itself.', ...texts(code)] : says;
}

/** Whom, why, and what each button would have done. */
function askedWords(question: JsonObject): readonly string[] {
  const approver = objectOf(question.approver);
  const whom = approver.kind === 'security' ? 'The security team' : String(approver.name);
  const offers = Array.isArray(question.offers) ? question.offers.map(objectOf) : [];
  return [
    `${whom}: ${String(question.reason ?? '')}`,
    ...offers.flatMap(({ label, actions }) =>
      (Array.isArray(actions) ? actions.map(objectOf) : []).flatMap(({ says }) =>
        texts(says).map((sentence) => `${String(label)}: ${sentence}`),
      ),
    ),
  ];
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

const texts = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (one): one is string => typeof one === 'string' && one !== '',
  );
