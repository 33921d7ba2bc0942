// The countersign command: one file per subcommand, one line here.
import { Command, CommanderError } from 'commander';
import { errorText, isCountersignError } from '../case/errors.ts';
import { mayRunSandbox } from '../config/sandbox-gate.ts';
import { environment, parseIdentity } from '../config.ts';
import { BOT_APP_ID, TEAMS_APP_EXTERNAL_ID } from '../sandbox/people.ts';
import { createAuditCommand } from './audit.ts';
import { createBucketsCommand } from './buckets.ts';
import { createCardsCommand } from './cards.ts';
import { createCasesCommand } from './cases.ts';
import { createExceptionsCommand } from './exceptions.ts';
import { createFireCommand } from './fire.ts';
import { createLogCommand } from './log.ts';
import { endWithReader, fail, note } from './output.ts';
import { createPackageCommand } from './package.ts';
import { createPoliciesCommand } from './policies.ts';
import { createReplayCommand } from './replay.ts';
import { createStartCommand } from './start.ts';

/** Where nothing is configured, the sandbox's made-up app: good to look at, not to upload. */
function readIdentity() {
  const env = environment();
  if (!mayRunSandbox(env, false)) return parseIdentity(env);
  note(
    "countersign: nothing is configured, so the package carries the sandbox's ids and is of no use in a tenant",
  );
  return { botAppId: BOT_APP_ID, teamsAppId: TEAMS_APP_EXTERNAL_ID };
}

const program = new Command('countersign')
  .description('A second signature on risky cloud activity.')
  .addCommand(createStartCommand())
  .addCommand(createFireCommand())
  .addCommand(createCasesCommand())
  .addCommand(createExceptionsCommand())
  .addCommand(createLogCommand())
  .addCommand(createBucketsCommand())
  .addCommand(createAuditCommand())
  .addCommand(createPoliciesCommand())
  .addCommand(createReplayCommand())
  .addCommand(createCardsCommand())
  .addCommand(createPackageCommand(readIdentity));

for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)])
  command.exitOverride().showHelpAfterError('(countersign --help lists the commands)');

endWithReader();
try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own words already; its usage errors are 2 by our convention.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else fail(isCountersignError(error) ? error.message : errorText(error), 1);
}
