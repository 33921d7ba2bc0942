// What each answer of one reader's would still take from others: counted as at the claim, so that no card promises anything else. Pure.
import { SECURITY_READER } from '../case/ask-step.ts';
import { type Case, type Decision, isMonitored } from '../case/case.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { openSignatures } from '../case/signed.ts';
import { reasonsFor, weigh } from './signatures.ts';

export interface Takes {
  readonly dismiss: Said;
  readonly keep: Said;
  readonly undo: Said;
  readonly offers: Readonly<Record<string, Said>>;
  readonly some: boolean;
}

export interface Reading {
  /** A person's object id, or `security`: then somebody of the team who has not answered yet. */
  readonly reader: string;
  readonly at: string;
  readonly isDryRun: boolean;
  /** Of anything that can be put back. Absent where that was not looked at, as for a line of a list: the claim looks. */
  readonly undoLetsIn?: boolean;
}

/** A sentence or two for each answer; empty where it would take effect. */
export function takesFor(
  about: Case,
  { reader, at, isDryRun, undoLetsIn = false }: Reading,
  settings: OperatorSettings,
): Takes {
  const signatures = openSignatures(about, at);
  const id = reader === SECURITY_READER ? freshMember(signatures, settings) : reader;
  const of = (verb: Decision['verb'], offer?: string): Said => {
    const decision: Decision = {
      ...{ verb, at, by: { kind: 'person', id, name: '' } },
      ...(offer !== undefined && { offer }),
    };
    const reasons = reasonsFor(about, decision, signatures, settings, { isDryRun, undoLetsIn });
    const weighed = weigh(about, decision, signatures, reasons, settings);
    if (weighed.kind === 'enough') return '';
    return weighed.kind === 'signature'
      ? weighed.awaits
      : sentences([say('decide.said-so-already'), weighed.why]);
  };
  const offers = Object.fromEntries(
    (about.question?.offers ?? []).map(({ key }) => [key, of('approve', key)] as const),
  );
  const takes = { dismiss: of('dismiss'), keep: of('keep'), undo: of('undo'), offers };
  const all = [takes.dismiss, ...(about.containedFirst ? [takes.keep] : []), ...Object.values(offers)];
  return { ...takes, some: !isMonitored(about) && all.some((one) => one !== '') };
}

const freshMember = (signatures: readonly Decision[], { security }: OperatorSettings): string =>
  security.members.find((one) => !signatures.some(({ by }) => by.id === one)) ?? SECURITY_READER;
