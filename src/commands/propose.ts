import type { Case } from '../case/case.ts';
import { say } from '../case/said.ts';
import { parseTarget, type Target, targetKey, targetLabel } from '../case/target.ts';
import type { ChatActor, ChatReply } from '../ports/chat.ts';
import { type Choice, type Command, type CommandTools, reply, text, withCase } from './command.ts';

/** Any action on anything of a case, by the security role: what is proposed becomes a button of a new question, with its preview. */
export const propose: Command = {
  name: 'propose',
  usage: say('commands.usage.propose'),
  help: say('commands.help.propose'),
  run: (args, actor, tools) =>
    withCase(args[0], propose, actor, tools, async (about) => {
      const [, action, ...rest] = args;
      const choices = await tools.choices(about, actor);
      if (choices === null) return reply(say('commands.security-proposes'), actor, tools);
      const choice = choices.find((one) => one.action === action?.toLowerCase());
      if (!choice) return listOf(about, choices, actor, tools);
      const target = targetOf(choice, rest.join(' '));
      if (!target) return howTo(about, choice, actor, tools);
      return tools.propose(about, { action: choice.action, target }, actor);
    }),
};

/** What the case names goes before what is written: it knows more, such as a bucket's region. */
function targetOf({ targets, targetKind, alsoOn }: Choice, written: string): Target | null {
  if (!written) return targets.length === 1 ? (targets[0] ?? null) : null;
  const known = targets.find((one) => targetKey(one) === written || targetLabel(one) === written);
  if (known) return known;
  const parsed = parseTarget(written);
  return parsed && (parsed.kind === targetKind || parsed.kind === alsoOn) ? parsed : null;
}

const lineOf = (about: Case, { action }: Choice, target: Target): string =>
  `- propose ${about.ref} ${action} ${targetKey(target)}`;

function listOf(about: Case, choices: readonly Choice[], actor: ChatActor, tools: CommandTools): ChatReply {
  const lines = choices.flatMap((choice) => choice.targets.map((target) => lineOf(about, choice, target)));
  const others = choices.filter(({ targets }) => targets.length === 0).map(({ action }) => action);
  const onOthers = say('commands.propose-on-others', { actions: others.join(', ') });
  return text(
    [
      tools.write(say('commands.proposable'), actor),
      '',
      ...lines,
      ...(others.length > 0 ? ['', tools.write(onOthers, actor)] : []),
    ].join('\n'),
  );
}

/** An example for each kind that can be named without a look-up. */
const WRITTEN: Readonly<Partial<Record<Target['kind'], string>>> = {
  bucket: 'bucket:123456789012:name',
  object: 'object:123456789012:bucket/key',
  collaborator: 'collaborator:123456789012:bucket:principal',
  'aws-account': 'aws-account:123456789012',
  'iam-user': 'iam-user:123456789012:name',
  'iam-role': 'iam-role:123456789012:name',
  'access-key': 'access-key:123456789012:user/AKIAIOSFODNN7EXAMPLE',
  'sso-session': 'sso-session:123456789012:AWSReservedSSO_role/user',
};

function howTo(about: Case, choice: Choice, actor: ChatActor, tools: CommandTools): ChatReply {
  const example = [choice.targetKind, choice.alsoOn]
    .flatMap((kind) => (kind && WRITTEN[kind]) ?? [])
    .map((written) => `- propose ${about.ref} ${choice.action} ${written}`);
  const lines = [...choice.targets.map((target) => lineOf(about, choice, target)), ...example];
  return lines.length > 0
    ? text([tools.write(say('commands.propose-on-what'), actor), '', ...lines].join('\n'))
    : reply(say('commands.propose-on-nothing', { action: choice.title }), actor, tools);
}
