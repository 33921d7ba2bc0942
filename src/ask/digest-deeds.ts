// What a line of a digest says beside its question: what else joined it, and what its button does. Whole sentences, the deed first. Pure.
import { isSeveral, otherDeeds, TARGETS_NAMED, thingsOf } from '../case/answered-alone.ts';
import type { Case } from '../case/case.ts';
import { titleSaid } from '../case/policy-words.ts';
import type { PlannedOffer } from '../case/question.ts';
import { distinctSaid, type Said, sameSaid, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { targetSaid } from '../case/target-words.ts';
import { namesAndMore } from './names.ts';

type Write = (said: Said) => string;

/** Empty where the question itself says all of it. */
export function besideText(about: Case, write: Write): Said {
  const others = otherDeeds(about);
  const titles = (about.related ?? []).map((one) => write(titleSaid(one)));
  return sentences([
    ...(others > 0 ? [say('digest.beside.deeds', { n: others })] : []),
    ...(titles.length > 0 ? [say('digest.beside.found', { titles: titles.join('; ') })] : []),
    targetsText(about, write),
    ...(isSeveral(about) ? [say('digest.beside.open')] : []),
  ]);
}

function targetsText(about: Case, write: Write): Said {
  const targets = thingsOf(about).map(targetSaid);
  const besides = about.moreTargets ?? 0;
  if (targets.length + besides < 2) return '';
  return say('digest.beside.targets', {
    names: namesAndMore(targets, { most: TARGETS_NAMED, besides, write }),
  });
}

/** As many of its sentences as fit whole, at least one. The label stands before them where the button cannot hold it. */
export function doesText(
  { label, actions }: PlannedOffer,
  title: string,
  { most, write }: { readonly most: number; readonly write: Write },
): string {
  const says = actions.flatMap((one) =>
    one.says.map((line) => ({ line, warns: sameSaid(line, one.undo.says) })),
  );
  const all = [...says.filter(({ warns }) => !warns), ...says.filter(({ warns }) => warns)];
  const lines = distinctSaid(all.map(({ line }) => line)).map(write);
  const [name, rest] = [write(label), write(say('digest.open-for-rest'))];
  const start = title === name ? '' : `${name}${write(say('cards.colon'))} `;
  const whole = `${start}${lines.join(' ')}`;
  if (whole.length <= most) return whole;
  const fitting: string[] = [];
  for (const line of lines) {
    if (`${start}${[...fitting, line, rest].join(' ')}`.length > most) break;
    fitting.push(line);
  }
  return `${start}${[...(fitting.length > 0 ? fitting : lines.slice(0, 1)), rest].join(' ')}`;
}
