// What a line of a digest says beside its question: what else joined it, and what its button does. Whole sentences, the deed first. Pure.
import { isSeveral, otherDeeds, TARGETS_NAMED, thingsOf } from '../case/answered-alone.ts';
import type { Case } from '../case/case.ts';
import type { PlannedOffer } from '../case/question.ts';
import { targetLabel } from '../case/target.ts';

/** Empty where the question itself says all of it. */
export function besideText(about: Case): string {
  const others = otherDeeds(about);
  const titles = (about.related ?? []).map(({ title }) => title);
  const found = titles.length > 0 ? `Also found: ${titles.join('; ')}.` : '';
  const done = others > 0 ? `And ${others} other ${others === 1 ? 'thing' : 'things'} that they did.` : '';
  return [done, found, targetsText(about), isSeveral(about) ? 'Open it to see all of it.' : '']
    .filter(Boolean)
    .join(' ');
}

function targetsText(about: Case): string {
  const labels = thingsOf(about).map(targetLabel);
  const more = Math.max(labels.length - TARGETS_NAMED, 0) + (about.moreTargets ?? 0);
  if (labels.length + more < 2) return '';
  return `On ${labels.slice(0, TARGETS_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

const REST = 'Open it to read the rest.';

/** As many of its sentences as fit whole, at least one. The label stands before them where the button cannot hold it. */
export function doesText({ label, actions }: PlannedOffer, title: string, most: number): string {
  const says = actions.flatMap((one) => one.says.map((text) => ({ text, warns: text === one.undo.says })));
  const sentences = [
    ...new Set(
      [...says.filter(({ warns }) => !warns), ...says.filter(({ warns }) => warns)].map(({ text }) => text),
    ),
  ];
  const start = title === label ? '' : `${label}: `;
  const all = `${start}${sentences.join(' ')}`;
  if (all.length <= most) return all;
  const fitting: string[] = [];
  for (const sentence of sentences) {
    if (`${start}${[...fitting, sentence, REST].join(' ')}`.length > most) break;
    fitting.push(sentence);
  }
  return `${start}${[...(fitting.length > 0 ? fitting : sentences.slice(0, 1)), REST].join(' ')}`;
}
