import type { Case, PlannedOffer } from '../case/case.ts';
import { type Command, text, withCase } from './command.ts';

/** Acts only where exactly one choice is meant; everything else lists the choices and does nothing. */
export const approve: Command = {
  name: 'approve',
  usage: 'approve <id> <action>',
  help: 'carry out one of the choices of a question',
  run: (args, actor, tools) =>
    withCase(args[0], approve, actor, tools, async (about) => {
      const wanted = args.slice(1).join('-').toLowerCase();
      const offers = about.question?.offers ?? [];
      const offer = offers.find((one) => one.key === wanted);
      if (!offer && about.state === 'asking') return text(choices(about, offers));
      return tools.decide(about, { verb: 'approve', questionId: null, offer: offer?.key ?? wanted }, actor);
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
