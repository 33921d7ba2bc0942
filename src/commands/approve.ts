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
      const offer = pick(offers, wanted);
      if (!offer && about.state === 'asking') return text(choices(about, offers));
      return tools.decide(about, { verb: 'approve', questionId: null, offer: offer?.key ?? wanted }, actor);
    }),
};

/** The exact key, else the only key that begins so. */
function pick(offers: readonly PlannedOffer[], wanted: string): PlannedOffer | null {
  const exact = offers.find((offer) => offer.key === wanted);
  if (exact || wanted === '') return exact ?? null;
  const begun = offers.filter((offer) => offer.key.startsWith(wanted));
  return begun.length === 1 ? (begun[0] ?? null) : null;
}

function choices(about: Case, offers: readonly PlannedOffer[]): string {
  const lines = [
    ...offers.map((offer) => `- approve ${about.ref} ${offer.key}`),
    `- dismiss ${about.ref}`,
    `- escalate ${about.ref}`,
  ];
  return ['Nothing was done. Write one of these lines:', '', ...lines].join('\n');
}
