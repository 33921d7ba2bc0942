// What is asked about, while somebody is looked for who can be asked.
import type { Case } from '../case/case.ts';
import type { UserId } from '../case/ids.ts';
import type { AskedKind } from '../case/settings.ts';
import { type TellAdminStep, tellAdminStep } from '../case/tell-admin-step.ts';
import type { ChooseParts } from './parts.ts';

export interface Inquiry {
  readonly about: Case;
  /** Null when the alert points at nobody whom the directory knows. */
  readonly subject: { readonly id: UserId; readonly displayName: string } | null;
  /** Object ids and UPNs of those behind what would be changed, lower case. */
  readonly atStake: readonly string[];
  /** People whom the question is with already: not looked at again. */
  readonly asked: readonly UserId[];
  /** What cannot be looked up even now is taken for unknown. */
  readonly lastTry: boolean;
  readonly parts: ChooseParts;
  /** People to whom this case's question cannot be delivered: those known before, and those found out on the way. */
  readonly unreachable: Set<UserId>;
  /** Those of them for whom the app can not be installed, found out on the way: for whoever can mend that. */
  readonly withoutApp: Map<UserId, string>;
}

type Given = Pick<Inquiry, 'about' | 'subject' | 'atStake' | 'lastTry' | 'parts'>;

export const inquire = (given: Given & Partial<Pick<Inquiry, 'asked'>>): Inquiry => ({
  asked: [],
  ...given,
  unreachable: new Set(given.about.unreachable),
  withoutApp: new Map(),
});

/** Whether the operator lets such people be asked at all. */
export const mayAsk = (kind: AskedKind, { parts }: Pick<Inquiry, 'parts'>): boolean =>
  parts.settings.detection.bounds.ask.includes(kind);

/** Word to an administrator about everybody for whom the app cannot be installed: one, whoever many they are. */
export function adminSteps({ withoutApp }: Inquiry): readonly TellAdminStep[] {
  const people = [...withoutApp].map(([person, name]) => ({ person, name }));
  return people.length > 0 ? [tellAdminStep({ people, why: 'not-installed' })] : [];
}
