// What one answer does, as lines of a card: at a glance, and in full. Pure.
import type { PlannedAction, PlannedOffer } from '../case/question.ts';
import { distinctSaid, isAmong, type Said, sameSaid, say, says } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { targetKey } from '../case/target.ts';
import { targetSaid } from '../case/target-words.ts';
import type { WordKey } from '../case/word-keys.ts';
import type { CardView } from './card-view.ts';
import { namesAndMore } from './names.ts';

type Write = CardView['write'];

/** What an earlier one does as well is said once, by that button's name. */
export function offerLines(
  offer: PlannedOffer,
  earlier: readonly PlannedOffer[],
  { mostLines, write }: { readonly mostLines: number; readonly write: Write },
): readonly Said[] {
  const { whole, rest } = besides(offer, earlier);
  const named = (some: readonly PlannedAction[]): readonly Said[] => namesOf(some, write);
  const lines = distinctSaid([
    ...(whole ? [sameWords(whole.label, rest.length)] : []),
    ...byAction(rest).flatMap((some) => linesOf(some, (one) => one.says, named)),
    ...byAction(rest).flatMap((some) => linesOf(some, ({ undo }) => [undo.says], null)),
  ]);
  // What it does not touch is the last thing to be cut: a long list of what it does must not hide it.
  const left = leftLines(offer.left);
  const most = Math.max(mostLines - left.length, Math.ceil(mostLines / 2));
  return [...cut(lines, most), ...cut(left, Math.max(mostLines - Math.min(lines.length, most), 1))];
}

/** What an answer does not touch, and why. */
export const leftLines = (left: readonly Said[]): readonly Said[] =>
  distinctSaid(left).map((reason) => say('ask.not-touched', { reason }));

const sameWords = (label: Said, others: number): Said =>
  say(others > 0 ? 'ask.does.same-and-more' : 'ask.does.same', { label });

/** Words that mean something to the security team alone. What was planned before there were messages is text. */
export const isForSecurity = (line: Said): boolean =>
  typeof line === 'string'
    ? line.startsWith('For the security team: ')
    : FOR_SECURITY.some((key) => says(line, key));

const FOR_SECURITY: readonly WordKey[] = ['aws.deny.inline-policy', 'aws.sso.policy'];

/** What it does at a glance, and what of it cannot be taken back: the first sentence of each thing that it does. */
export function offerSentence(offer: PlannedOffer, earlier: readonly PlannedOffer[], write: Write): Said {
  const { actions, left } = offer;
  const { whole, rest } = besides(offer, earlier);
  const does = byAction(rest).map((some) => firstOf(some, write));
  const lasting = byAction(actions).flatMap(([one]) => (one && !one.undo.possible ? [one] : []));
  const isAll = lasting.length === byAction(actions).length;
  const end = lasting.map(({ title }) =>
    isAll ? say('ask.does.for-good') : say('ask.does.title-for-good', { title }),
  );
  return sentences([
    ...(whole ? [sameWords(whole.label, rest.length)] : []),
    ...does,
    ...end,
    ...leftLines(left),
  ]);
}

/** The earlier one that it does as well, and what is left to say. */
function besides(offer: PlannedOffer, earlier: readonly PlannedOffer[]) {
  const whole = earlier.find((one) => one.actions.every((action) => has(offer, action)));
  return { whole, rest: whole ? offer.actions.filter((action) => !has(whole, action)) : offer.actions };
}

function firstOf(planned: readonly PlannedAction[], write: Write): Said {
  const [first, ...others] = planned;
  if (!first) return '';
  // That there is no way back is said at the end.
  const words =
    first.says.find((line) => !sameSaid(line, first.undo.says) && !isForSecurity(line)) ?? first.title;
  if (others.length === 0 && !isFoundOnly(first)) return words;
  const targets = distinctSaid(planned.map(({ target }) => targetSaid(target)));
  return say('ask.of-targets', { targets: namesAndMore(targets, { most: MOST_LABELS, write }), words });
}

/** The list of all of them is unfolded. */
const MOST_LABELS = 3;

const cut = (lines: readonly Said[], most: number): readonly Said[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), say('ask.and-more', { n: lines.length - most })];

/** A line of a card is cut at 300 characters: names that it could not show go on in the next one. */
const MOST_NAMES = 240;

function namesOf(planned: readonly PlannedAction[], write: Write): readonly Said[] {
  const lines: string[] = [];
  for (const { target } of planned) {
    const [last, label] = [lines.at(-1), write(targetSaid(target))];
    if (last !== undefined && last.length + label.length < MOST_NAMES)
      lines[lines.length - 1] = `${last}; ${label}`;
    else
      lines.push(last === undefined ? write(say('ask.in-all', { n: planned.length, names: label })) : label);
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line};` : `${line}.`));
}

/** Of whom nothing else on the card speaks: what is done to one of them does not say who it is. */
const isFoundOnly = ({ target }: PlannedAction): boolean => target.kind === 'collaborator';

const has = (offer: PlannedOffer, { action, target }: PlannedAction): boolean =>
  offer.actions.some((one) => one.action === action && targetKey(one.target) === targetKey(target));

/** In the order of the offer. */
const byAction = (planned: readonly PlannedAction[]): readonly (readonly PlannedAction[])[] => [
  ...Map.groupBy(planned, ({ action }) => action).values(),
];

/** One action on one target, or on several: then who or what they are, what is said of each, and what is said of all. */
function linesOf(
  planned: readonly PlannedAction[],
  sentencesOf: (one: PlannedAction) => readonly Said[],
  named: ((some: readonly PlannedAction[]) => readonly Said[]) | null,
): readonly Said[] {
  const [first, ...others] = planned;
  if (!first) return [];
  if (others.length === 0)
    return [...(named && isFoundOnly(first) ? named(planned) : []), ...sentencesOf(first)];
  const isOfAll = (sentence: Said): boolean => others.every((other) => isAmong(sentencesOf(other), sentence));
  const all = sentencesOf(first).filter(isOfAll);
  return [
    ...(named ? named(planned) : []),
    ...planned.flatMap((one) =>
      sentencesOf(one)
        .filter((words) => !isAmong(all, words))
        .map((words) => say('ask.of-targets', { targets: targetSaid(one.target), words })),
    ),
    ...all,
  ];
}
