// Whom each policy that an alert raised points at. Pure.
import type { Alert, Severity } from '../case/alert.ts';
import type { Policy } from '../case/policy.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { aboutWindow, pointOut } from './point-out.ts';

interface Raised<Counted> {
  readonly policy: Policy;
  readonly severity: Severity;
  readonly counted?: Counted;
}

/** Policies that leave this person out are left out. */
export function openingsOf<Counted extends { readonly window: string; readonly full: boolean }>(
  raised: readonly Raised<Counted>[],
  alert: Alert,
  settings: OperatorSettings,
) {
  const all = raised.flatMap(({ policy, severity, counted }) => {
    const about = counted?.full
      ? aboutWindow(policy, alert, counted.window)
      : pointOut(policy, alert, settings, counted?.window);
    return about ? [{ policy, severity, ...about, ...(counted && { counted }) }] : [];
  });
  // Whoever is asked about all of it need not be asked about the last of it as well.
  const covered = all.flatMap(({ counted, policy, scope }) =>
    counted && policy.stage === 'ask' && !scope ? policy.covers : [],
  );
  return all.filter(({ policy }) => !covered.includes(policy.id));
}
