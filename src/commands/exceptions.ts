import type { Command } from './command.ts';

export const exceptions: Command = {
  name: 'exceptions',
  usage: 'exceptions',
  help: 'what asks nobody for now: expected until a date, or kept quiet',
  run: (_args, actor, tools) => tools.exceptions(actor),
};
