import type { Case } from '../case/case.ts';
import type { PlannedOffer } from '../case/question.ts';
import { type Command, text, withCase } from './command.ts';

/** A comment is told from the name of a choice by this word. */
const BECAUSE = 'because';

/** Acts only where exactly one choice is meant; everything else lists the choices and does nothing. */
export const approve: Command = {
  name: 'approve',
  usage: 'approve <id> <action>',
  help: 'carry out one of the choices of a question; "because" and a comment may follow',
  run: (args, actor, tools) =>
    withCase(args[0], approve, actor, tools, async (about) => {
      const because = args.findIndex((word, index) => index > 1 && word.toLowerCase() === BECAUSE);
      const words = because < 0 ? args.slice(1) : args.slice(1, because);
      const comment = because < 0 ? '' : args.slice(because + 1).join(' ');
      const wanted = words.join('-').toLowerCase();
      const offers = about.question?.offers ?? [];
      const offer = offers.find((one) => one.key === wanted);
      if (!offer && about.state === 'asking') return text(choices(about, offers));
      const answer = { verb: 'approve', questionId: null, offer: offer?.key ?? wanted } as const;
      return tools.decide(about, { ...answer, ...(comment && { comment }) }, actor);
    }),
};

function choices(about: Case, offers: readonly PlannedOffer[]): string {
  const lines = [
    ...offers.map((offer) => `- approve ${about.ref} ${offer.key}`),
    `- dismiss ${about.ref}`,
    `- escalate ${about.ref}`,
  ];
  return ['Nothing was done. Write one of these lines:', '', ...lines].join('\n');
}
