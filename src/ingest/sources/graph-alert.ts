// Microsoft Graph alerts_v2 to alerts, however they arrived (pushed or polled). Trusts no field beyond its type.
import type { Alert, Fact, PersonMention, Severity } from '../../case/alert.ts';
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import { say } from '../../case/said.ts';
import type { Target } from '../../case/target.ts';
import { digestOf } from './digest.ts';
import { cut, fact, listFact } from './facts.ts';
import { mentionsIn } from './graph-mentions.ts';
import { type Evidence, type GraphAlert, graphAlertSchema } from './graph-schema.ts';
import { namedThings } from './graph-things.ts';
import { normaliseInstant, toIsoTime } from './instant.ts';
import { legacyShape } from './legacy-shape.ts';
import { isRecord, malformed, malformedBy } from './malformed.ts';
import { tameJson } from './tame-json.ts';

/**
 * One alert, an array, or `{ value: [...] }`; all of them or none. Throws CountersignError: `ingest.malformed` (the message
 * names the field) or `ingest.wrong-tenant`. Values that Microsoft adds later are kept: a severity never seen before counts
 * as high, an unknown status as open.
 */
export function parseGraphAlerts(body: unknown, context: { readonly tenantId: string }): readonly Alert[] {
  return itemsOf(tameJson(body)).map(({ path, item }) => toAlert(path, item, context.tenantId));
}

function itemsOf(body: unknown): readonly { readonly path: string; readonly item: unknown }[] {
  const listed = (name: string, items: readonly unknown[]) =>
    items.map((item, index) => ({ path: `${name}[${index}]`, item }));
  if (Array.isArray(body)) return listed('', body);
  if (isRecord(body) && Object.hasOwn(body, 'value')) {
    if (Array.isArray(body.value)) return listed('value', body.value);
    throw malformed('value', 'expected an array of alerts');
  }
  return [{ path: '', item: body }];
}

function toAlert(path: string, item: unknown, tenantId: string): Alert {
  const legacy = legacyShape(item);
  if (legacy) throw malformed(path, legacy);
  const parsed = graphAlertSchema.safeParse(item);
  if (!parsed.success) throw malformedBy(parsed.error, path);
  const alert = parsed.data;
  if (alert.tenantId && alert.tenantId.toLowerCase() !== tenantId.toLowerCase()) {
    const message = `${path === '' ? '' : `${path}.`}tenantId: this deployment serves another tenant`;
    throw new CountersignError('ingest.wrong-tenant', message, { say: message });
  }
  const evidence = alert.evidence ?? [];
  const mentions = mentionsIn(evidence);
  const revision = normaliseInstant(alert.lastUpdateDateTime) ?? '';
  return {
    source: 'graph',
    sourceId: alert.id,
    revision,
    fingerprint: fingerprintOf(alert),
    occurredAt:
      toIsoTime(alert.firstActivityDateTime) ??
      toIsoTime(alert.createdDateTime) ??
      `${revision.slice(0, 23)}Z`,
    title: cut(alert.title ?? '', 200) || say('ingest.no-title'),
    severity: severityOf(alert.severity),
    resolved: alert.status?.toLowerCase() === 'resolved',
    attempt: false,
    mentions,
    targets: [...targetsOf(mentions[0], evidence), ...namedThings(evidence)],
    facts: factsOf(alert, evidence, mentions.slice(1)),
    event: item as JsonObject,
  };
}

const SEVERITY_BY_NAME: Readonly<Record<string, Severity>> = {
  informational: 'informational',
  low: 'low',
  medium: 'medium',
  high: 'high',
  unknown: 'medium',
  '': 'medium',
};
/** A word that Microsoft has not used before is likelier to be worse than better: it is treated as high. */
const severityOf = (name: string | null | undefined): Severity => {
  const key = (name ?? '').toLowerCase();
  return (Object.hasOwn(SEVERITY_BY_NAME, key) ? SEVERITY_BY_NAME[key] : undefined) ?? 'high';
};

function targetsOf(subject: PersonMention | undefined, evidence: readonly Evidence[]): readonly Target[] {
  const label = cut(subject?.displayName ?? subject?.userPrincipalName ?? '', 120);
  if (subject?.objectId) return [{ kind: 'user', id: subject.objectId, label: label || subject.objectId }];
  if (subject?.userPrincipalName) {
    return [{ kind: 'resource', id: subject.userPrincipalName.toLowerCase().slice(0, 256), label }];
  }
  const devices = new Set(evidence.map((item) => item.deviceDnsName).filter((name) => !!name));
  return [...devices].map((name) => ({
    kind: 'resource' as const,
    id: String(name).toLowerCase().slice(0, 256),
    label: cut(String(name), 120),
  }));
}

const LINE = 120;
const LIST = 300;

function factsOf(
  alert: GraphAlert,
  evidence: readonly Evidence[],
  bystanders: readonly PersonMention[],
): readonly Fact[] {
  const ofType = (type: string): readonly Evidence[] =>
    evidence.filter((item) => (item['@odata.type'] ?? '').toLowerCase().endsWith(`.${type.toLowerCase()}`));
  const addresses = ofType('ipEvidence').flatMap((item) =>
    item.ipAddress
      ? [item.countryLetterCode ? `${item.ipAddress} (${item.countryLetterCode})` : item.ipAddress]
      : [],
  );
  const applications = ofType('cloudApplicationEvidence').flatMap((item) =>
    item.displayName ? [item.displayName] : [],
  );
  const files = ofType('fileEvidence');
  const fileNames = files.flatMap(({ fileDetails }) => fileDetails?.fileName || []);
  const others = bystanders.flatMap((one) => one.displayName ?? one.userPrincipalName ?? []);
  return [
    ...fact('ingest.category', alert.category),
    ...listFact('ingest.application', applications),
    ...listFact('ingest.ip-address', addresses, LINE, 'address'),
    ...fact('ingest.file-count', files.length > 0 ? String(files.length) : ''),
    ...listFact('ingest.files', fileNames, LIST, 'file'),
    ...listFact('ingest.also-named', others, LIST, 'person'),
    ...fact('ingest.description', alert.description, 400, 'words'),
  ];
}

/** What analysts, responders and the vendor's own follow-up change without anything new having happened. */
export const EVIDENCE_UPKEEP = new Set([
  'remediationStatus',
  'remediationStatusDetails',
  'verdict',
  'tags',
  'healthStatus',
  'riskScore',
  'onboardingStatus',
  'defenderAvStatus',
]);

// A list of what counts, not of what does not: a field that Microsoft adds must not make our own write-back look like news.
function fingerprintOf(alert: GraphAlert): string {
  const evidence = (alert.evidence ?? []).map((item) =>
    digestOf(Object.fromEntries(Object.entries(item).filter(([key]) => !EVIDENCE_UPKEEP.has(key)))),
  );
  return digestOf({
    title: alert.title,
    description: alert.description,
    category: alert.category,
    severity: alert.severity,
    serviceSource: alert.serviceSource,
    firstActivityDateTime: toIsoTime(alert.firstActivityDateTime),
    lastActivityDateTime: toIsoTime(alert.lastActivityDateTime),
    evidence: evidence.sort(),
  });
}
