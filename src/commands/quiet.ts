import { say } from '../case/said.ts';
import { type Command, examples, notDone, reply } from './command.ts';
import { readUntil } from './until.ts';

/** What messages put into addresses so that no client makes links of them. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const KINDS = ['subject', 'target', 'policy'] as const;

/** By the security role alone, never above medium severity; alone it lists. */
export const quiet: Command = {
  name: 'quiet',
  usage: say('commands.usage.quiet'),
  help: say('commands.help.quiet'),
  async run([word, name, ...rest], actor, tools) {
    if (!word) return tools.exceptions(actor);
    const what = KINDS.find((kind) => kind === word.toLowerCase());
    if (!what || !name) return examples(HOW, actor, tools);
    const read = readUntil(rest.join(' '), tools.writer(actor));
    if (read.kind === 'absent') return examples(HOW, actor, tools);
    if (read.kind === 'refused') return reply(notDone(read.say), actor, tools);
    return tools.quiet(
      { what, name: name.replace(INVISIBLE, ''), until: read.until, ...(read.rest && { why: read.rest }) },
      actor,
    );
  },
};

const HOW = [
  '- quiet subject alex@contoso.example until friday',
  '- quiet target bucket:123456789012:name until 2026-12-01',
  '- quiet policy aws-s3-bucket-public until tomorrow 17:00',
];
