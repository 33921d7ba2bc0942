// What somebody did, so that it can be told whether whoever answers has seen it: the same call, asked for in the same words, on
// the same targets by the same person is the same deed. Pure.
import { createHash } from 'node:crypto';
import type { Alert } from '../case/alert.ts';
import type { Deed, SubjectHint } from '../case/case.ts';
import { canonicalJson } from '../case/json.ts';
import { type Said, say, says, withTexts } from '../case/said.ts';
import { thingKey } from '../case/target.ts';
import { EVIDENCE_UPKEEP } from './sources/graph-alert.ts';
import { isRecord } from './sources/malformed.ts';

const ASKED_KEPT = 120;
const cutShort = (asked: Said): Said => withTexts(asked, (text) => text.slice(0, ASKED_KEPT));

/** What cannot be told from the record in full is like nothing else. */
export function deedOf(alert: Alert, hint: SubjectHint): Deed {
  const { attempt } = alert;
  const deed = deedSaid(alert);
  const targets = alert.targets.map(thingKey).sort();
  const key = digest([whoOf(alert, hint), callOf(alert), attempt, targets]);
  const evidence = evidenceOf(alert).slice(0, EVIDENCE_KEPT);
  return {
    ...{ key, says: attempt ? say('ingest.deed-tried', { deed }) : deed },
    ...(evidence.length > 0 && { evidence }),
  };
}

function deedSaid({ title, facts }: Alert): Said {
  const asked = facts.find(({ label }) => says(label, 'ingest.asked-for'))?.value;
  return asked ? say('ingest.deed', { deed: title, asked: cutShort(asked) }) : title;
}

/**
 * Digests of what a Graph alert names besides people: where from, with which app, on what, of which kind. People are compared by
 * name. Of files it is where they lie, as no two alerts name the same ones; where that is not said, the files themselves.
 */
export function evidenceOf({ source, event }: Alert): readonly string[] {
  if (source !== 'graph') return [];
  const { category, evidence } = event;
  const items = Array.isArray(evidence) ? evidence.filter(isRecord) : [];
  const told = [['category', category ?? null], ...items.flatMap((item) => toldBy(item))];
  return [...new Set(told.map((one) => digest([one])))];
}

function toldBy(item: Readonly<Record<string, unknown>>): readonly unknown[] {
  const type = String(item['@odata.type'] ?? '')
    .split('.')
    .at(-1)
    ?.toLowerCase();
  if (type === 'userevidence') return [];
  if (type === 'ipevidence') return [['address', item.ipAddress ?? null, item.countryLetterCode ?? null]];
  if (type === 'fileevidence' && isRecord(item.fileDetails)) {
    const { filePath, fileName } = item.fileDetails;
    return [filePath ? ['folder', filePath] : ['file', fileName ?? null]];
  }
  const kept = Object.entries(item).filter(([key]) => !EVIDENCE_UPKEEP.has(key) && !OF_THE_ALERT.has(key));
  return [canonicalJson(Object.fromEntries(kept))];
}

const EVIDENCE_KEPT = 50;
/** Of this alert, and of no deed. */
const OF_THE_ALERT = new Set(['createdDateTime', 'roles', 'detailedRoles']);

/**
 * Whether it is certain who did it. The root user and an IAM user are who AWS says they are, even where nobody knows whose they
 * are. Who holds a role is the caller's own word, and a refused call may never have been authenticated.
 */
export function isProven({ identity, attempt }: Alert, hint: SubjectHint): boolean {
  const { type, arn } = identity ?? {};
  return hint.kind === 'entra' || ((type === 'IAMUser' || type === 'Root') && arn !== undefined && !attempt);
}

/** CloudTrail: service, event and what it asked for. Graph: the title. */
function callOf({ source, sourceId, event, title, parameters }: Alert): readonly unknown[] {
  if (source === 'graph') return ['graph', title];
  if (source === 'inventory') return ['inventory', foundIn(event), event.reasons];
  return [event.eventSource, event.eventName, parameters ?? { only: sourceId }];
}

/** Whatever it is called today, in whichever language: what was said to be expected is known by these very texts. */
function foundIn({ unreadable, all }: Alert['event']): string {
  if (unreadable === undefined) return 'S3 bucket publicly accessible';
  return all ? 'S3 buckets cannot be looked at' : 'S3 bucket cannot be looked at';
}

function whoOf({ identity }: Alert, hint: SubjectHint): string | null {
  if (hint.kind === 'entra') return `entra:${hint.id.toLowerCase()}`;
  const caller = identity?.roleArn ?? identity?.arn;
  return caller ? `aws:${caller}` : null;
}

/** Names in it may be long and are the caller's to choose: kept short, and not readable. */
const digest = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
