import type { Case } from '../case/case.ts';
import type { PlannedOffer } from '../case/question.ts';
import { say } from '../case/said.ts';
import { type Command, examples, splitAtBecause, withCase } from './command.ts';

/** Acts only where exactly one choice is meant; everything else lists the choices and does nothing. */
export const approve: Command = {
  name: 'approve',
  usage: say('commands.usage.approve'),
  help: say('commands.help.approve'),
  run: (args, actor, tools) =>
    withCase(args[0], approve, actor, tools, async (about) => {
      const offers = about.question?.offers ?? [];
      const { before, comment } = splitAtBecause(args.slice(1));
      const read = readChoice(before, offers);
      if (!read && about.state === 'asking') {
        const why = demandsComment(about) ? ['', tools.write(say('commands.because'), actor)] : [];
        return examples([...choices(about, offers), ...why], actor, tools);
      }
      const { key, rest } = read ?? { key: before.join('-').toLowerCase(), rest: [] };
      const why = [...rest, ...(comment ? [comment] : [])].join(' ');
      return tools.decide(
        about,
        { ...{ verb: 'approve', questionId: null, offer: key }, ...(why && { comment: why }) },
        actor,
      );
    }),
};

/** The choice that the words begin with, and what follows it. Null where they could begin with two, or go on with another one. */
function readChoice(
  words: readonly string[],
  offers: readonly PlannedOffer[],
): { readonly key: string; readonly rest: readonly string[] } | null {
  const begun = (from: number) =>
    offers.flatMap(({ key }) => {
      const length = words.findIndex(
        (_, at) =>
          at >= from &&
          words
            .slice(from, at + 1)
            .join('-')
            .toLowerCase() === key,
      );
      return length < 0 ? [] : [{ key, rest: words.slice(length + 1) }];
    });
  const found = begun(0);
  const whole = found.find(({ rest }) => rest.length === 0);
  if (whole) return whole;
  const [only, ...others] = found;
  if (!only || others.length > 0 || begun(words.length - only.rest.length).length > 0) return null;
  return only;
}

const choices = (about: Case, offers: readonly PlannedOffer[]): readonly string[] => [
  ...offers.map((offer) => `- approve ${about.ref} ${offer.key}`),
  `- dismiss ${about.ref}`,
  ...(about.containedFirst ? [`- keep ${about.ref}`] : []),
  `- escalate ${about.ref}`,
];

const demandsComment = ({ policy }: Case): boolean => (policy.asking?.comment ?? 'optional') !== 'optional';
