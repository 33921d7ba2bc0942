// What the operator's settings say that does nothing with the policies that there are, or that people may miss. No reason not to
// start: it is told, each with its place.
import { SEVERITIES } from '../case/alert.ts';
import { DEFAULT_ASKING_SETTINGS } from '../case/asking.ts';
import type { Policy } from '../case/policy.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { whyNotContained } from '../detect/policy-asking.ts';

export interface SettingsNote {
  readonly reason: string;
  /** Where in the settings. */
  readonly path: readonly PropertyKey[];
}

export function settingsNotes(
  { security, asking, aws }: OperatorSettings,
  policies: readonly Policy[],
): readonly SettingsNote[] {
  const notes: SettingsNote[] = [];
  const note = (reason: string, ...path: readonly PropertyKey[]): unknown => notes.push({ reason, path });
  const asks = policies.filter(({ stage }) => stage !== 'off');
  if (new Set(security.members).size < 2)
    note(
      'names one person: nobody else of the security team can be the second where it takes two, or answer what is about that person',
      ...['security', 'members'],
    );
  const contains = asks.some(
    (policy) =>
      policy.asking.contain !== null &&
      whyNotContained(policy.asking.contain, policy, asking.containFirst) === null,
  );
  for (const severity of SEVERITIES)
    if (asking.patience[severity].onTimeOut === 'contain' && !contains)
      note(
        'contain does nothing: no policy names in `contain` an offer whose actions are all in asking.containFirst',
        ...['asking', 'patience', severity, 'onTimeOut'],
      );
  if (
    asking.subjectFirstMs !== DEFAULT_ASKING_SETTINGS.subjectFirstMs &&
    !asks.some((policy) => policy.asking.subjectFirst)
  )
    note('does nothing: no policy asks the person in question first', 'asking', 'subjectFirst');
  const management = aws.serviceControlPolicyRole?.split(':')[4];
  if (aws.accounts.some(({ id }) => id === management))
    note(
      `is in account ${management}, which is listed: see to it that the policy of that account's own role denies every change of this one`,
      ...['aws', 'serviceControlPolicyRole'],
    );
  if (aws.watchBucketsMs !== null && aws.accounts.length === 0)
    note('does nothing: there are no accounts to look at', 'aws', 'watchBuckets');
  return notes;
}
