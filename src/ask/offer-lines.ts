// What a button does, as lines for the card: nothing said twice, and of several targets which sentence is about which.
import type { PlannedAction, PlannedOffer } from '../case/case.ts';
import { targetKey, targetLabel } from '../case/target.ts';

/** What an earlier one does as well is said once, by that button's name. */
export function offerLines(
  offer: PlannedOffer,
  earlier: readonly PlannedOffer[],
  mostLines: number,
): readonly string[] {
  const whole = earlier.find((one) => one.actions.every((action) => has(offer, action)));
  const rest = whole ? offer.actions.filter((action) => !has(whole, action)) : offer.actions;
  const lines = [
    ...new Set([
      ...(whole ? [`Does what "${whole.label}" does, and more:`] : []),
      ...byAction(rest).flatMap((some) => linesOf(some, ({ says }) => says, { named: true })),
      ...byAction(rest).flatMap((some) => linesOf(some, ({ undo }) => [undo.says], { named: false })),
      ...offer.left.map((reason) => `Not touched: ${reason}`),
    ]),
  ];
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines), `... and ${lines.length - mostLines} more.`];
}

const has = (offer: PlannedOffer, { action, target }: PlannedAction): boolean =>
  offer.actions.some((one) => one.action === action && targetKey(one.target) === targetKey(target));

/** In the order of the offer. */
const byAction = (planned: readonly PlannedAction[]): readonly (readonly PlannedAction[])[] => [
  ...Map.groupBy(planned, ({ action }) => action).values(),
];

/** One action on one target, or on several: then who or what they are, what is said of each, and what is said of all. */
function linesOf(
  planned: readonly PlannedAction[],
  sentencesOf: (one: PlannedAction) => readonly string[],
  { named }: { readonly named: boolean },
): readonly string[] {
  const [first, ...others] = planned;
  if (!first) return [];
  if (others.length === 0) return sentencesOf(first);
  const isOfAll = (sentence: string): boolean =>
    others.every((other) => sentencesOf(other).includes(sentence));
  const all = sentencesOf(first).filter(isOfAll);
  return [
    ...(named
      ? [`${planned.length} in all: ${planned.map(({ target }) => targetLabel(target)).join('; ')}.`]
      : []),
    ...planned.flatMap((one) =>
      sentencesOf(one)
        .filter((sentence) => !all.includes(sentence))
        .map((sentence) => `${targetLabel(one.target)}: ${sentence}`),
    ),
    ...all,
  ];
}
