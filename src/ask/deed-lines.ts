// What was done, as lines of a card, so that nobody answers what they were not shown. Pure; escapes through what it is handed.
import type { Case } from '../case/case.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { Show } from './card-view.ts';

/** Characters of a line. */
const DEED = 220;
const DEEDS_SHOWN = 5;

type Line = { readonly title: string; readonly value: string };

/**
 * What was done, where it was more than one thing, or where it is new after an answer: the latest first, because it is why the
 * question is asked (again). `rest` is what no longer fits among the `first`, for whoever looks at the details.
 */
export function deedLines(
  about: Case,
  show: Show,
): { readonly first: readonly Line[]; readonly rest: readonly Line[] } {
  const { deeds = [], moreDeeds = 0, newSince } = about;
  const all = deeds.length + moreDeeds;
  if (all < 2 && !newSince) return { first: [], rest: [] };
  const alike = [...Map.groupBy(deeds.toReversed(), ({ says }) => JSON.stringify(says)).values()];
  const lines = alike.flatMap(([deed, ...others], place) => {
    if (!deed) return [];
    const ways = others.length > 0 ? ` ${show(say('ask.deed.ways', { n: others.length + 1 }))}` : '';
    return [
      {
        title: show(say(newSince ? 'ask.deed.new' : 'ask.deed.done', { n: place + 1 })),
        value: `${show(deed.says, DEED)}${ways}`,
      },
    ];
  });
  const shown = alike.slice(0, DEEDS_SHOWN).reduce((sum, { length }) => sum + length, 0);
  const more =
    all > shown
      ? [{ title: show(say('ask.deed.also')), value: show(say('ask.deed.more', { n: all - shown })) }]
      : [];
  return { first: [...lines.slice(0, DEEDS_SHOWN), ...more], rest: lines.slice(DEEDS_SHOWN) };
}

/** Of a question that is asked anew after an answer: what was said of what came before. */
export function answeredLines({ newSince, decisions }: Case): readonly Said[] {
  const answer = decisions.findLast((one) => one.verb === 'dismiss' && one.at === newSince);
  if (!answer) return [];
  const { by, at } = answer;
  return [
    sentences([say('ask.before-was-expected', { name: by.name, at: { time: at } }), say('ask.new-since')]),
  ];
}
