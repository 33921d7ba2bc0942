// What a policy says to people: in their language where it is one of those that Countersign comes with, word for word; else as its
// file has it. Pure.
import type { Offer, Policy } from './policy.ts';
import { type Filling, type Said, say } from './said.ts';
import type { WordKey } from './word-keys.ts';

type Titled = Pick<Policy, 'id' | 'title'>;

export const titleSaid = ({ id, title }: Titled): Said => ofPolicy(`${id}.title`, title);

export const questionSaid = (
  { id, question }: Pick<Policy, 'id' | 'question'>,
  names: { readonly subject: Said; readonly target: Said },
): Said => ofPolicy(`${id}.question`, question, names);

/** Labels repeat: each has one message, whatever policy it is in. */
export const labelSaid = ({ label }: Pick<Offer, 'label'>, subject: Said): Said =>
  ofPolicy(`offer.${kebab(label)}`, label, { subject });

const ofPolicy = (name: string, text: string, filling?: Filling): Said => ({
  ...say(`policies.${name}` as WordKey, filling),
  text,
});

/** `{subject}` is no part of the name. */
const kebab = (text: string): string =>
  text
    .replace(/\{\w+\}/g, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
