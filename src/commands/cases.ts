import { type Case, isMonitored } from '../case/case.ts';
import { type Command, text } from './command.ts';
import { momentText } from './until.ts';

/** A policy that only watches is shown as that, with whom it would have asked. */
function stateText(about: Case): string {
  if (!isMonitored(about)) return about.state;
  const approver = about.question?.approver;
  if (!approver) return `${about.state}, nobody is asked`;
  const who = approver.kind === 'person' ? approver.name : 'the security team';
  return `${about.state}, would have asked ${who}`;
}

/** How many different things were done: what they were is on the card. */
function deedsText({ deeds = [], moreDeeds = 0 }: Case): string {
  const all = deeds.length + moreDeeds;
  return all > 1 ? `, ${all} different deeds` : '';
}

export const cases: Command = {
  name: 'cases',
  usage: 'cases',
  help: 'the cases that you were asked about (the security team sees all)',
  run: async (_args, actor, tools) => {
    const found = await tools.casesFor(actor);
    if (found.length === 0) return text('There are no cases for you.');
    const { timeZone } = tools.writer(actor);
    const lines = found.map(
      (one) =>
        `- **${one.ref}** (${stateText(one)}, ${one.severity}): ${one.policy.title}${deedsText(one)}, opened ${momentText(one.openedAt, timeZone)}`,
    );
    return text([...lines, '', 'Write "case" and the reference to see one.'].join('\n'));
  },
};
