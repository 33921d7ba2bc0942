// What a policy says to people: in their language where it is one of those that Countersign comes with, word for word; else as its
// file has it. Pure.
import type { Offer, Policy } from './policy.ts';
import { type Filling, type Said, say } from './said.ts';
import type { WordKey } from './word-keys.ts';

type Titled = Pick<Policy, 'id' | 'title'>;

export const titleSaid = ({ id, title }: Titled): Said => ofPolicy(`${id}.title`, title);

/** What a rule from outside asks. */
export const DEFAULT_QUESTION = 'Was this expected of {subject}?';
const STOPPED = /^ after ([\d,]+) events\. What is going on here\?$/;
const stoppedFor = (title: string): string => `Countersign stopped counting for “${title}”`;

/** What is asked in place of the policy's own question once so many events count together that no more are counted. */
export const stoppedQuestion = (title: string, events: number): string =>
  `${stoppedFor(title)} after ${events.toLocaleString('en-GB')} events. What is going on here?`;

export function questionSaid(
  { id, title, question }: Titled & Pick<Policy, 'question'>,
  names: { readonly subject: Said; readonly target: Said },
): Said {
  const start = stoppedFor(title);
  const [, stopped] = question.startsWith(start) ? (STOPPED.exec(question.slice(start.length)) ?? []) : [];
  if (stopped)
    return say('policies.counting-stopped.question', {
      title: titleSaid({ id, title }),
      events: Number(stopped.replaceAll(',', '')),
    });
  return ofPolicy(`${question === DEFAULT_QUESTION ? 'outside' : id}.question`, question, names);
}

/** Labels repeat: each has one message, whatever policy it is in. */
export const labelSaid = ({ label }: Pick<Offer, 'label'>, subject: Said): Said =>
  ofPolicy(`offer.${kebab(label)}`, label, { subject });

const ofPolicy = (name: string, text: string, filling?: Filling): Said => ({
  ...say(`policies.${name}` as WordKey, filling),
  text,
});

/** `{subject}` is no part of the name. A label in another script leaves nothing of it: it stands as it is. */
const kebab = (text: string): string =>
  text
    .replace(/\{\w+\}/g, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'own';
