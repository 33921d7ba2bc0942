// A thing as somebody writes it in a message: by our own notation, by ARN, or a bucket by its name alone.
import { parseTarget, type Target } from '../case/target.ts';
import { resourceNamed } from './sources/cloudtrail-naming.ts';

const ARN = /^arn:[a-z-]+:([a-z0-9-]+):[a-z0-9-]*:(\d{12})?:(\S+)$/;

/**
 * Null where it is none, or in which of `accounts` is not clear. Things are told apart as CloudTrail's records name them, so that
 * what is written is what an alert is about.
 */
export function readWrittenTarget(text: string, accounts: readonly string[]): Target | null {
  const own = parseTarget(text);
  if (own) return own;
  const [only, ...more] = accounts;
  const here = more.length === 0 ? only : undefined;
  const [, service, account = here, rest = ''] = ARN.exec(text) ?? [];
  if (!service) return here ? parseTarget(`bucket:${here}:${text}`) : null;
  if (!account) return null;
  if (service === 's3') return parseTarget(`${rest.includes('/') ? 'object' : 'bucket'}:${account}:${rest}`);
  const [, kind, name = ''] = /^(user|role)\/(?:.*\/)?([^/]+)$/.exec(service === 'iam' ? rest : '') ?? [];
  if (kind) return parseTarget(`iam-${kind}:${account}:${name}`);
  return resourceNamed(null, text, { service, account, region: '' });
}

/** What people name in messages: policies by their ids, things as above. */
export const createReading = (
  catalogue: { readonly policies: readonly { readonly id: string }[] },
  accounts: readonly string[],
) => ({
  knowsPolicy: (id: string): boolean => catalogue.policies.some((policy) => policy.id === id),
  readTarget: (text: string): Target | null => readWrittenTarget(text, accounts),
});
