// CloudTrail records to alerts, through whichever door they came. One record is one alert; policies decide which matter.
import type { Alert, Fact } from '../../case/alert.ts';
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import { type Said, say, withTexts } from '../../case/said.ts';
import { type Target, targetLabel } from '../../case/target.ts';
import { targetSaid } from '../../case/target-words.ts';
import { isAttempt } from './cloudtrail-attempt.ts';
import { identityOf } from './cloudtrail-identity.ts';
import { isNaming } from './cloudtrail-kinds.ts';
import { shortName } from './cloudtrail-naming.ts';
import { parametersOf } from './cloudtrail-parameters.ts';
import { requestText } from './cloudtrail-request.ts';
import { type CloudTrailRecord, cloudTrailRecordSchema } from './cloudtrail-schema.ts';
import { type Aim, targetsOf } from './cloudtrail-targets.ts';
import { digestOf } from './digest.ts';
import { cut, fact } from './facts.ts';
import { toIsoTime } from './instant.ts';
import { isRecord, malformed, malformedBy, pathText } from './malformed.ts';
import { tameJson } from './tame-json.ts';

interface Found {
  readonly path: string;
  readonly record: unknown;
  /** The account on EventBridge's envelope, which older service events rely on. */
  readonly account?: string;
}

/**
 * An EventBridge event (`detail-type` "... via CloudTrail"), an array of them, a `{ Records: [...] }` document or a bare
 * record; all of them or none. Throws CountersignError: `ingest.malformed` (the message names the field) or
 * `ingest.wrong-account`. The severity is a neutral medium: the policy that matches sets it.
 */
export function parseCloudTrail(
  body: unknown,
  context: { readonly accounts: readonly string[] },
): readonly Alert[] {
  return recordsOf(tameJson(body)).map((found) => toAlert(found, context.accounts));
}

function recordsOf(body: unknown): readonly Found[] {
  if (Array.isArray(body)) return body.map((item, index) => unwrap(`[${index}]`, item));
  if (isRecord(body) && Object.hasOwn(body, 'Records')) {
    const records = body.Records;
    if (!Array.isArray(records)) throw malformed('Records', 'expected an array of records');
    return records.map((record, index) => ({ path: `Records[${index}]`, record }));
  }
  return [unwrap('', body)];
}

function unwrap(path: string, item: unknown): Found {
  if (!isRecord(item) || !(Object.hasOwn(item, 'detail-type') || Object.hasOwn(item, 'detail'))) {
    return { path, record: item };
  }
  const type = item['detail-type'];
  if (typeof type !== 'string' || !type.endsWith(' via CloudTrail')) {
    throw malformed(pathText(path, ['detail-type']), 'expected an event "... via CloudTrail"');
  }
  const account = item.account;
  return {
    path: pathText(path, ['detail']),
    record: item.detail,
    ...(typeof account === 'string' ? { account } : {}),
  };
}

function toAlert(found: Found, accounts: readonly string[]): Alert {
  const { path, record: raw } = found;
  if (isRecord(raw) && Object.hasOwn(raw, 'insightDetails')) {
    throw malformed(path, 'this is a CloudTrail Insights event: send API calls, sign-ins and service events');
  }
  const parsed = cloudTrailRecordSchema.safeParse(raw);
  if (!parsed.success) throw malformedBy(parsed.error, path);
  const record = parsed.data;
  const account = record.recipientAccountId || record.userIdentity?.accountId || found.account;
  if (!account) throw malformed(pathText(path, ['recipientAccountId']), 'required');
  if (!accounts.includes(account)) {
    const message = `${pathText(path, ['recipientAccountId'])}: this deployment does not serve that account`;
    throw new CountersignError('ingest.wrong-account', message, { say: message });
  }
  const aim = targetsOf(record, account, accounts);
  return {
    source: 'cloudtrail',
    sourceId: `${account}/${record.eventID}`,
    revision: '',
    fingerprint: digestOf(raw),
    occurredAt: toIsoTime(record.eventTime) ?? record.eventTime,
    title: titleSaid(record, aim),
    severity: 'medium',
    resolved: false,
    attempt: isAttempt(record),
    mentions: [],
    ...(record.userIdentity ? { identity: identityOf(record.userIdentity) } : {}),
    targets: aim.targets,
    ...(aim.more > 0 ? { moreTargets: aim.more } : {}),
    ...(record.requestID ? { requestId: record.requestID } : {}),
    ...parametersOf(record.requestParameters),
    facts: factsOf(record, account, aim),
    event: raw as JsonObject,
  };
}

function titleSaid({ eventName }: CloudTrailRecord, { targets, more: unlisted }: Aim): Said {
  const call = cut(eventName, 80);
  const target = withTexts(targetSaid(targets[0]), (text) => cut(text, LINE));
  const more = targets.filter(isOneMore).length + unlisted;
  return more > 0
    ? say('ingest.call-on-and-more', { call, target, more })
    : say('ingest.call-on', { call, target });
}

/** A key belongs to the user, and an object to the bucket, that the title names. */
const isOneMore = ({ kind }: Target, index: number): boolean =>
  index > 0 && kind !== 'access-key' && kind !== 'object';

const LINE = 120;

/** In the order of what the one who decides needs: a card has room for the first few. */
function factsOf(record: CloudTrailRecord, account: string, aim: Aim): readonly Fact[] {
  const error = [record.errorCode, record.errorMessage].filter((text) => !!text).join(': ');
  const here = {
    service: record.eventSource.split('.', 1)[0] ?? '',
    account,
    region: record.awsRegion ?? '',
  };
  const labels = aim.targets.map(targetLabel);
  // Only what names something: nobody may hide an address range by calling a group after it.
  const isSaid = (key: string, text: string): boolean => {
    const name = shortName(text, here);
    return (
      isNaming(here.service, key) && labels.some((label) => label === name || label.endsWith(` ${name}`))
    );
  };
  return [
    ...fact('ingest.api-call', `${record.eventName} (${record.eventSource})`),
    ...fact('ingest.asked-for', requestText(record, isSaid), 300),
    ...(aim.more > 0 ? [{ label: say('ingest.on'), value: listedAndMore(aim) }] : []),
    ...fact('ingest.identity', record.userIdentity?.arn ?? record.userIdentity?.type, 200),
    ...fact('ingest.account', account),
    ...fact('ingest.region', record.awsRegion),
    ...fact('ingest.source-ip', record.sourceIPAddress, LINE, 'address'),
    ...fact('ingest.error', error, 200, 'words'),
    ...fact('ingest.called-through', record.userIdentity?.invokedBy),
    ...fact('ingest.client', record.userAgent, 100),
  ];
}

const listedAndMore = ({ targets, more }: Aim): Said =>
  say('ingest.listed-and-more', { n: targets.length, more });
