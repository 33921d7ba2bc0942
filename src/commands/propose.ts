import type { Case } from '../case/case.ts';
import { say } from '../case/said.ts';
import { type Target, targetKey, targetLabel } from '../case/target.ts';
import type { ChatActor, ChatReply } from '../ports/chat.ts';
import { type Choice, type Command, type CommandTools, reply, text, withCase } from './command.ts';

/** Any action on anything of a case, by the security role: what is proposed becomes a button of a new question, with its preview. */
export const propose: Command = {
  name: 'propose',
  usage: say('commands.usage.propose'),
  help: say('commands.help.propose'),
  run: (args, actor, tools, line) =>
    withCase(args[0], propose, actor, tools, async (about) => {
      const [, action] = args;
      const choices = await tools.choices(about, actor);
      if (choices === null) return reply(say('commands.security-proposes'), actor, tools);
      const choice = choices.find((one) => one.action === action?.toLowerCase());
      if (!choice) return listOf(about, choices, action, actor, tools);
      const written = AFTER_ACTION.exec(line)?.[1] ?? '';
      const target = await targetOf(choice, written, tools);
      if (!target) return howTo(about, choice, written, actor, tools);
      return tools.propose(about, { action: choice.action, target }, actor);
    }),
};

/** The key of an object may hold any number of spaces. */
const AFTER_ACTION = /^(?:\S+\s+){3}(.+)$/s;

/** What the case names goes before what is written: it knows more, such as a bucket's region. */
async function targetOf({ targets }: Choice, written: string, tools: CommandTools): Promise<Target | null> {
  if (!written) return targets.length === 1 ? (targets[0] ?? null) : null;
  const known = targets.find((one) => targetKey(one) === written || targetLabel(one) === written);
  return known ?? tools.targetOf(written);
}

const lineOf = ({ ref }: Case, action: string, target: Target): string =>
  `- propose ${ref} ${action} ${targetKey(target)}`;

function listOf(
  about: Case,
  choices: readonly Choice[],
  wrong: string | undefined,
  actor: ChatActor,
  tools: CommandTools,
): ChatReply {
  const lines = choices.flatMap((choice) =>
    choice.targets.map((target) => lineOf(about, choice.action, target)),
  );
  const others = choices.filter(({ targets }) => targets.length === 0).map(({ action }) => action);
  const onOthers = say('commands.propose-on-others', { actions: others.join(', ') });
  return text(
    [
      ...(wrong ? [tools.words(say('commands.propose-no-action', { action: wrong }), actor)] : []),
      tools.write(say('commands.proposable'), actor),
      '',
      ...lines,
      ...(others.length > 0 ? ['', tools.write(onOthers, actor)] : []),
    ].join('\n'),
  );
}

const SOMEBODY = 'alex.weber@contoso.example';
const SOME_ID = '00000000-0000-0000-0000-000000000000';
/** An example for each kind that an action acts on. */
const WRITTEN: Readonly<Partial<Record<Target['kind'], string>>> = {
  user: `user:${SOMEBODY}`,
  membership: `membership:${SOMEBODY}:${SOME_ID}`,
  'app-grant': `app-grant:${SOMEBODY}:${SOME_ID}`,
  bucket: 'bucket:123456789012:name',
  object: 'object:123456789012:bucket/key',
  collaborator: 'collaborator:123456789012:bucket:principal',
  'aws-account': 'aws-account:123456789012',
  'iam-user': 'iam-user:123456789012:name',
  'iam-role': 'iam-role:123456789012:name',
  'access-key': 'access-key:123456789012:user/AKIAIOSFODNN7EXAMPLE',
  'sso-session': 'sso-session:123456789012:AWSReservedSSO_role/user',
};

function howTo(
  about: Case,
  { action, title, targets, targetKind, alsoOn }: Choice,
  written: string,
  actor: ChatActor,
  tools: CommandTools,
): ChatReply {
  const example = [targetKind, alsoOn]
    .flatMap((kind) => (kind && WRITTEN[kind]) ?? [])
    .map((one) => `- propose ${about.ref} ${action} ${one}`);
  const wrong = say('commands.propose-no-target', { written, action: title });
  return text(
    [
      ...(written ? [tools.words(wrong, actor)] : []),
      tools.write(say('commands.propose-on-what'), actor),
      '',
      ...targets.map((target) => lineOf(about, action, target)),
      ...example,
    ].join('\n'),
  );
}
