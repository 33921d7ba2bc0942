import { type Case, isMonitored } from '../case/case.ts';
import { SEVERITY_WORDS, STATE_WORDS } from '../case/case-words.ts';
import { titleSaid } from '../case/policy-words.ts';
import { type Said, say } from '../case/said.ts';
import { type Command, reply, text } from './command.ts';

/** A dry run is shown as that; a policy that only watches likewise, with whom it would have asked. */
function stateWords(about: Case): Said {
  const state = STATE_WORDS[about.state];
  if (!isMonitored(about)) return about.question?.dryRun ? say('commands.dry-run', { state }) : state;
  const approver = about.question?.approver;
  if (!approver) return say('commands.nobody-asked', { state });
  return approver.kind === 'security'
    ? say('commands.would-have-asked-security', { state })
    : say('commands.would-have-asked', { state, name: approver.name });
}

/** How many different things were done is said of several: what they were is on the card. */
function lineWords(about: Case): Said {
  const { severity, policy, openedAt, deeds = [], moreDeeds = 0 } = about;
  const filling = {
    ...{ state: stateWords(about), severity: SEVERITY_WORDS[severity], title: titleSaid(policy) },
    opened: { time: openedAt, precision: 'minutes' },
  } as const;
  const all = deeds.length + moreDeeds;
  return all > 1 ? say('commands.case-deeds', { ...filling, deeds: all }) : say('commands.case', filling);
}

export const cases: Command = {
  name: 'cases',
  usage: 'cases',
  help: say('commands.help.cases'),
  run: async (_args, actor, tools) => {
    const found = await tools.casesFor(actor);
    if (found.length === 0) return reply(say('commands.no-cases'), actor, tools);
    const lines = found.map((one) => `- **${one.ref}** ${tools.words(lineWords(one), actor)}`);
    return text([...lines, '', tools.write(say('commands.see-one'), actor)].join('\n'));
  },
};
