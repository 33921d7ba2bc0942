import { timeMark } from '../case/times.ts';
import type { ReadCase } from '../case/written.ts';

/** Characters of a line. */
const DEED = 220;
const DEEDS_SHOWN = 5;

type Line = { readonly title: string; readonly value: string };

/**
 * What was done, where it was more than one thing, or where it is new after an answer: the latest first, because it is why the
 * question is asked (again). `rest` is what no longer fits among the `first`, for whoever looks at the details.
 */
export function deedLines(
  about: ReadCase,
  show: (text: string, most?: number) => string,
): { readonly first: readonly Line[]; readonly rest: readonly Line[] } {
  const { deeds = [], moreDeeds = 0, newSince } = about;
  const all = deeds.length + moreDeeds;
  if (all < 2 && !newSince) return { first: [], rest: [] };
  const alike = [...Map.groupBy(deeds.toReversed(), ({ says }) => says)];
  const lines = alike.map(([says, { length }], place) => ({
    title: `${newSince ? 'New' : 'Done'} (${place + 1})`,
    value: `${show(says, DEED)}${length > 1 ? ` (in ${length} different ways)` : ''}`,
  }));
  const shown = alike.slice(0, DEEDS_SHOWN).reduce((sum, [, { length }]) => sum + length, 0);
  const more = all > shown ? [{ title: 'Also', value: `and ${all - shown} more` }] : [];
  return { first: [...lines.slice(0, DEEDS_SHOWN), ...more], rest: lines.slice(DEEDS_SHOWN) };
}

/** Of a question that is asked anew after an answer: what was said of what came before. */
export function answeredLines({ newSince, decisions }: ReadCase): readonly string[] {
  const answer = decisions.findLast((one) => one.verb === 'dismiss' && one.at === newSince);
  if (!answer) return [];
  const said = `${answer.by.name} said at ${timeMark(answer.at)} that what came before was expected.`;
  return [`${said} This is new since then.`];
}
