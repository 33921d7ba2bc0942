// `countersign audit verify` and `audit export`: whether the trail is whole, and the trail itself.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { createCheckpointFile } from '../adapters/store/checkpoint-file.ts';
import { exportTrail } from '../audit/export.ts';
import { publicKeyOf, readPrivateKey, readPublicKey } from '../audit/key.ts';
import type { AuditReport } from '../audit/report.ts';
import { verifyTrail } from '../audit/verify.ts';
import { CountersignError } from '../case/errors.ts';
import type { StoreConfig } from '../config.ts';
import { withStore } from './open-store.ts';
import { fail, note, print } from './output.ts';

export const createAuditCommand = (): Command =>
  new Command('audit')
    .description('check or export the audit trail')
    .addCommand(
      new Command('verify')
        .description('find altered, missing and deleted entries, and say what is not sealed yet')
        .option('--public-key <file>', 'PEM to check the seals with, instead of the configured key')
        .option('--json', 'one JSON object on stdout')
        .action(async (options: { publicKey?: string; json?: boolean }) =>
          withStore(async (store, config) => {
            const log = createCheckpointFile(config.checkpoints);
            const report = await verifyTrail({
              trail: store,
              log,
              publicKey: publicKey(options.publicKey, config),
            });
            print(options.json ? report : textOf(report));
            if (!report.ok) fail('the audit trail does not check', 1);
          }),
        ),
    )
    .addCommand(
      new Command('export')
        .description('every entry as a JSON line, by case and sequence')
        .option('--json', 'what it gives anyway')
        .option('--no-personal', 'leave out who and whom; the chain can still be checked')
        .action(async (options: { personal: boolean }) =>
          withStore(async (store) => {
            for await (const entry of exportTrail(store, { personal: options.personal })) print(entry);
          }),
        ),
    );

function publicKey(file: string | undefined, config: StoreConfig) {
  if (file) return readPublicKey(readFileSync(file, 'utf8'));
  if (config.sandboxKey) note("checked with the sandbox's own key, which proves nothing about a real trail");
  if (config.auditKey) return publicKeyOf(readPrivateKey(config.auditKey.reveal()));
  throw new CountersignError(
    'config.invalid',
    'There is no key to check the seals with: set COUNTERSIGN_AUDIT_KEY, or name one with --public-key.',
  );
}

function textOf(report: AuditReport): string {
  const lines = report.problems.map(
    (one) => `  - ${one.kind}${one.caseId ? ` (case ${one.caseId})` : ''}: ${one.says}`,
  );
  return [
    report.ok ? 'The audit trail is whole.' : 'The audit trail does NOT check:',
    ...lines,
    `${report.entries} entries in ${report.cases} cases, ${report.checkpoints} checkpoints` +
      (report.sealedAt ? `, the last at ${report.sealedAt}.` : '.'),
    `${report.unprotected} entries lie after the last checkpoint of their case and are not protected yet.`,
  ].join('\n');
}
