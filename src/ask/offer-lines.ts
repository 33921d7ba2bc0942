import { targetKey, targetLabel } from '../case/target.ts';
import type { ReadPlannedAction, ReadPlannedOffer } from '../case/written.ts';

/** What an earlier one does as well is said once, by that button's name. */
export function offerLines(
  offer: ReadPlannedOffer,
  earlier: readonly ReadPlannedOffer[],
  mostLines: number,
): readonly string[] {
  const { whole, rest } = besides(offer, earlier);
  const lines = [
    ...new Set([
      ...(whole ? [sameWords(whole.label, rest.length)] : []),
      ...byAction(rest).flatMap((some) => linesOf(some, ({ says }) => says, { named: true })),
      ...byAction(rest).flatMap((some) => linesOf(some, ({ undo }) => [undo.says], { named: false })),
    ]),
  ];
  // What it does not touch is the last thing to be cut: a long list of what it does must not hide it.
  const left = [...new Set(offer.left.map((reason) => `Not touched: ${reason}`))];
  const most = Math.max(mostLines - left.length, Math.ceil(mostLines / 2));
  return [...cut(lines, most), ...cut(left, Math.max(mostLines - Math.min(lines.length, most), 1))];
}

const sameWords = (label: string, others: number): string =>
  others > 0 ? `Does what "${label}" does, and more:` : `Does the same as "${label}".`;

const NO_WAY_BACK = /cannot be undone/;
const FOR_SECURITY = /^For the security team: /;

/** Words that mean something to the security team alone. */
export const isForSecurity = (line: string): boolean => FOR_SECURITY.test(line);

/** What it does at a glance, and what of it cannot be taken back: the first sentence of each thing that it does. */
export function offerSentence(offer: PlannedOffer, earlier: readonly PlannedOffer[]): string {
  const { actions, left } = offer;
  const { whole, rest } = besides(offer, earlier);
  const does = byAction(rest).map(firstOf);
  const lasting = byAction(actions).flatMap(([one]) => (one && !one.undo.possible ? [one] : []));
  const isAll = lasting.length === byAction(actions).length;
  const end = lasting.map(({ title }) => (isAll ? 'This cannot be undone.' : `"${title}" cannot be undone.`));
  return [
    ...(whole ? [sameWords(whole.label, rest.length)] : []),
    ...does,
    ...new Set(end),
    ...new Set(left.map((reason) => `Not touched: ${reason}`)),
  ].join(' ');
}

/** The earlier one that it does as well, and what is left to say. */
function besides(offer: PlannedOffer, earlier: readonly PlannedOffer[]) {
  const whole = earlier.find((one) => one.actions.every((action) => has(offer, action)));
  return { whole, rest: whole ? offer.actions.filter((action) => !has(whole, action)) : offer.actions };
}

function firstOf(planned: readonly PlannedAction[]): string {
  const [first, ...others] = planned;
  const says =
    first?.says.find((line) => !NO_WAY_BACK.test(line) && !isForSecurity(line)) ?? first?.title ?? '';
  const isNamed = others.length > 0 || (first !== undefined && isFoundOnly(first));
  return isNamed ? `${labelsOf(planned)}: ${says}` : says;
}

/** The list of all of them is unfolded. */
const MOST_LABELS = 3;

function labelsOf(planned: readonly PlannedAction[]): string {
  const labels = [...new Set(planned.map(({ target }) => targetLabel(target)))];
  const more = labels.length - MOST_LABELS;
  return labels.slice(0, MOST_LABELS).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const cut = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), `... and ${lines.length - most} more.`];

/** A line of a card is cut at 300 characters: names that it could not show go on in the next one. */
const MOST_NAMES = 240;

function namesOf(planned: readonly ReadPlannedAction[]): readonly string[] {
  const lines: string[] = [];
  for (const { target } of planned) {
    const [last, label] = [lines.at(-1), targetLabel(target)];
    if (last !== undefined && last.length + label.length < MOST_NAMES)
      lines[lines.length - 1] = `${last}; ${label}`;
    else lines.push(last === undefined ? `${planned.length} in all: ${label}` : label);
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line};` : `${line}.`));
}

/** Of whom nothing else on the card speaks: what is done to one of them does not say who it is. */
const isFoundOnly = ({ target }: ReadPlannedAction): boolean => target.kind === 'collaborator';

const has = (offer: ReadPlannedOffer, { action, target }: ReadPlannedAction): boolean =>
  offer.actions.some((one) => one.action === action && targetKey(one.target) === targetKey(target));

/** In the order of the offer. */
const byAction = (planned: readonly ReadPlannedAction[]): readonly (readonly ReadPlannedAction[])[] => [
  ...Map.groupBy(planned, ({ action }) => action).values(),
];

/** One action on one target, or on several: then who or what they are, what is said of each, and what is said of all. */
function linesOf(
  planned: readonly ReadPlannedAction[],
  sentencesOf: (one: ReadPlannedAction) => readonly string[],
  { named }: { readonly named: boolean },
): readonly string[] {
  const [first, ...others] = planned;
  if (!first) return [];
  if (others.length === 0)
    return [...(named && isFoundOnly(first) ? namesOf(planned) : []), ...sentencesOf(first)];
  const isOfAll = (sentence: string): boolean =>
    others.every((other) => sentencesOf(other).includes(sentence));
  const all = sentencesOf(first).filter(isOfAll);
  return [
    ...(named ? namesOf(planned) : []),
    ...planned.flatMap((one) =>
      sentencesOf(one)
        .filter((sentence) => !all.includes(sentence))
        .map((sentence) => `${targetLabel(one.target)}: ${sentence}`),
    ),
    ...all,
  ];
}
