// A resource policy in one line: who may do what. Whoever wrote the policy chose its words, so what opens the most comes first.
import { isRecord } from './malformed.ts';

/** Larger than any policy that AWS takes (KMS: 32 KB, with escapes). */
const MAX_POLICY = 70_000;

export const isPolicyDocument = (value: Readonly<Record<string, unknown>>): boolean =>
  Object.hasOwn(value, 'Statement');

/** Null for a text that is no policy. IAM's are percent-encoded at times. */
export function policyText(text: string): string | null {
  if (text.length > MAX_POLICY) return null;
  const policy = parse(text.startsWith('%7B') ? decode(text) : text);
  if (!isRecord(policy) || !isPolicyDocument(policy)) return null;
  const statements = (Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]).filter(
    isRecord,
  );
  const lines = statements.map((one) => ({ text: statementText(one), rank: rankOf(one) }));
  return lines
    .sort((a, b) => a.rank - b.rank)
    .map((line) => line.text)
    .join('; ');
}

function parse(text: string): unknown {
  if (!/^\s*\{/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function statementText(one: Readonly<Record<string, unknown>>): string {
  const who = listed(one.Principal) || (one.NotPrincipal ? `all but ${listed(one.NotPrincipal)}` : '');
  const what = listed(one.Action) || (one.NotAction ? `all but ${listed(one.NotAction)}` : '');
  const on = listed(one.Resource);
  return [
    listed(one.Effect) || 'Allow',
    ...(who ? [`${who}:`] : []),
    what,
    ...(on && on !== '*' ? [`on ${on}`] : []),
    ...(one.Condition ? ['(under conditions)'] : []),
  ].join(' ');
}

/** Allowed to everyone first, then other permissions, then what is denied. */
function rankOf(one: Readonly<Record<string, unknown>>): number {
  if (one.Effect === 'Deny') return 2;
  return one.NotPrincipal || listed(one.Principal).includes('*') ? 0 : 1;
}

/** `*` and roots of accounts, the words that matter most, as they stand. */
function listed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join(', ');
  if (isRecord(value)) return Object.values(value).map(listed).filter(Boolean).join(', ');
  return '';
}
