// What the operator's settings say of how one policy asks, against what there is: what would do nothing is a mistake.
import { isAtLeast } from '../case/alert.ts';
import type { Policy } from '../case/policy.ts';
import type { AskedKind, DetectionSettings, PolicyAsking } from '../case/settings.ts';

export interface Finding {
  readonly reason: string;
  /** Within the policy's settings. */
  readonly at: readonly PropertyKey[];
}

/** `policy` as it is with these settings. */
export function askingReasons(
  own: PolicyAsking,
  policy: Policy,
  { bounds }: DetectionSettings,
  containFirst: readonly string[],
): readonly Finding[] {
  const found: Finding[] = [];
  const say = (key: keyof PolicyAsking, reason: string): unknown =>
    found.push({ reason, at: ['asking', key] });
  const { asking, securityOnly, severity, source } = policy;
  const cannotAsk = (kind: AskedKind): string | null => {
    if (!bounds.ask.includes(kind)) return `detection.bounds.ask does not let ${WHO[kind]} be asked`;
    return securityOnly ? 'its questions go to the security team alone' : null;
  };
  const notNamed = own.approvers?.length ? cannotAsk('named') : null;
  if (notNamed) say('approvers', notNamed);
  const notFirst = own.subjectFirst ? cannotAsk('subject') : null;
  if (notFirst) say('subjectFirst', notFirst);
  const notContained = own.contain ? whyNotContained(own.contain, policy, containFirst) : null;
  if (notContained) say('contain', notContained);
  if (own.onTimeOut === 'contain' && asking.contain === null)
    say('onTimeOut', 'contain needs `contain`: the key of the offer that is meant');
  else if (own.onTimeOut === 'contain' && !own.contain) {
    const why = asking.contain && whyNotContained(asking.contain, policy, containFirst);
    if (why) say('onTimeOut', why);
  }
  // An alert of Graph brings its own severity.
  if (own.onTimeOut === 'dismiss' && source !== 'graph' && isAtLeast(severity, 'medium'))
    say('onTimeOut', `silence never dismisses anything above low severity, and this is ${severity}`);
  return found;
}

const WHO: Readonly<Record<AskedKind, string>> = {
  manager: 'managers',
  named: 'whom a policy names',
  owner: 'owners',
  subject: 'the person in question',
  security: 'the security team',
};

/** Null where silence may carry the offer out, as far as settings say. */
export function whyNotContained(
  key: string,
  { offers }: Pick<Policy, 'offers'>,
  containFirst: readonly string[],
): string | null {
  const offer = offers.find((one) => one.key === key);
  const keys = offers.map((one) => one.key).join(', ');
  if (!offer) return `"${key}" is the key of none of its offers; they are ${keys || 'none'}`;
  const beyond = offer.actions.filter((action) => !containFirst.includes(action));
  return beyond.length === 0
    ? null
    : `"${key}" takes ${beyond.join(', ')}, which asking.containFirst does not list`;
}
