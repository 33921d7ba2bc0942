// What a case shows to whoever does not have the security role: by the operator's settings, never by the policy that raised it.
// Hiding is done on the case, before anything is drawn of it, so that cards, lists and lines all show the same.

import type { Fact } from './alert.ts';
import { SECURITY_READER } from './ask-step.ts';
import type { Case } from './case.ts';
import { type Conceal, concealer } from './conceal.ts';
import type { Run } from './run.ts';
import { type Said, say } from './said.ts';
import type { OperatorSettings } from './settings.ts';

/** Each true where everybody who was asked sees it. */
export interface Visibility {
  /** Names of files and stored objects. */
  readonly files: boolean;
  /** Network addresses, and mail addresses of others. */
  readonly addresses: boolean;
  /** Who else is named, besides the person in question. */
  readonly people: boolean;
}
export interface VisibilitySettings extends Visibility {
  /** What a policy's cases show less of, or more: by policy id. */
  readonly policies: Readonly<Record<string, { readonly [Kind in keyof Visibility]?: boolean | undefined }>>;
}

export const SEES_ALL: Visibility = { files: true, addresses: true, people: true };
export const DEFAULT_VISIBILITY: VisibilitySettings = { ...SEES_ALL, policies: {} };

/** In place of a value. */
const HIDDEN = say('case.hidden');

type Known = Pick<OperatorSettings, 'security' | 'visibility'>;

/** What this reader (a person's object id, or the security channel) sees of the case: of several policies, what the strictest lets. */
export function visibilityFor(about: Case, reader: string, { security, visibility }: Known): Visibility {
  if (reader === SECURITY_READER || security.members.some((member) => member === reader)) return SEES_ALL;
  const { policies } = visibility;
  const ids = [about.policy.id, ...(about.related ?? []).map(({ id }) => id)];
  const sees = (kind: keyof Visibility): boolean =>
    ids.every((id) => (Object.hasOwn(policies, id) ? policies[id]?.[kind] : undefined) ?? visibility[kind]);
  return { files: sees('files'), addresses: sees('addresses'), people: sees('people') };
}

const isAll = ({ files, addresses, people }: Visibility): boolean => files && addresses && people;

type Write = (said: Said) => string;

/** The case as this reader may see it. Ids stay: they are compared, never shown. `write`: in the reader's language. */
export function caseFor(
  about: Case,
  reader: string,
  settings: Known,
  runs: readonly Run[],
  write: Write,
): Case {
  const sees = visibilityFor(about, reader, settings);
  return isAll(sees) ? about : veil(about, sees, concealer(about, sees, runs, write));
}

/** Words about the case, as this reader may see them. */
export function textFor<Words extends Said>(
  said: Words,
  about: Case,
  reader: string,
  settings: Known,
  runs: readonly Run[],
  write: Write,
): Words {
  const sees = visibilityFor(about, reader, settings);
  return isAll(sees) ? said : concealer(about, sees, runs, write).said(said);
}

function veil(about: Case, sees: Visibility, { text, said, target }: Conceal): Case {
  const texts = (all: readonly Said[]): readonly Said[] => all.map((one) => said(one));
  const { hint, question, deeds, statements, undoConflicts } = about;
  const { troubles: _forOperators, ...rest } = about;
  return {
    ...rest,
    title: said(about.title),
    hint: hint.kind === 'unknown' ? { ...hint, reason: said(hint.reason) } : hint,
    targets: about.targets.map(target),
    facts: about.facts.map((fact) => ({ ...fact, value: isHidden(fact, sees) ? HIDDEN : said(fact.value) })),
    toSecurity: about.toSecurity === null ? null : said(about.toSecurity),
    outcome: texts(about.outcome),
    decisions: about.decisions.map((one) => ({
      ...one,
      ...(one.comment !== undefined && { comment: text(one.comment) }),
      ...(one.awaits !== undefined && { awaits: said(one.awaits) }),
      ...(one.left && { left: texts(one.left) }),
    })),
    ...(deeds && { deeds: deeds.map((deed) => ({ ...deed, says: said(deed.says) })) }),
    ...(statements && {
      statements: statements.map((one) =>
        one.comment === undefined ? one : { ...one, comment: text(one.comment) },
      ),
    }),
    ...(undoConflicts && { undoConflicts: undoConflicts.map((one) => ({ ...one, says: texts(one.says) })) }),
    question: question && {
      ...question,
      reason: said(question.reason),
      ...(question.twoPeople !== undefined && { twoPeople: said(question.twoPeople) }),
      path: question.path.map((rung) => ({ ...rung, reason: said(rung.reason) })),
      withheld: question.withheld.map(({ label, reason }) => ({ label: said(label), reason: said(reason) })),
      offers: question.offers.map((offer) => ({
        ...offer,
        label: said(offer.label),
        left: texts(offer.left),
        actions: offer.actions.map((action) => ({
          ...action,
          target: target(action.target),
          says: texts(action.says),
          undo: { ...action.undo, says: said(action.undo.says) },
        })),
      })),
    },
  };
}

/** Words of a vendor's own may name anything: they are shown where nothing that they could name is hidden. */
function isHidden({ kind }: Fact, { files, addresses, people }: Visibility): boolean {
  if (kind === 'file') return !files;
  if (kind === 'address') return !addresses;
  if (kind === 'person') return !people;
  return kind === 'words' && !(files && people);
}
