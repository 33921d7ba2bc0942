// Writes the verdict to the alert at Microsoft, in the `write-back` step. Repeats converge; the comment carries a mark.
import { SYSTEM } from '../case/case.ts';
import { errorText, isCountersignError } from '../case/errors.ts';
import type { Step } from '../case/run.ts';
import type { Said } from '../case/said.ts';
import { isDryRun, type OperatorSettings } from '../case/settings.ts';
import type { WriteBack } from '../case/verdict.ts';
import type { AlertSource } from '../ports/alert-source.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Log } from '../ports/log.ts';
import type { Words } from '../ports/words.ts';

const ATTEMPTS = 12;
const COMMENT_LENGTH = 900;

export interface WriteBackParts {
  readonly store: CaseStore;
  readonly alerts: AlertSource;
  readonly log: Log;
  readonly words: Words;
  /** `locale` is the tenant's: nobody in particular reads what is written there. */
  readonly settings: OperatorSettings;
}

export async function writeBack(step: Step, parts: WriteBackParts): Promise<void> {
  const body = step.body as unknown as WriteBack;
  const result = (await isOnlyTried(step, parts)) ? 'dry run' : await write(step, body, parts);
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    await tx.audit(step.caseId, {
      kind: 'alert.written-back',
      actor: SYSTEM,
      facts: { alert: body.sourceId, verdict: { ...body.verdict }, result },
    });
    await tx.finishStep(step);
  });
}

/** What is due when the settings have become those of a dry run stays undone as well. */
async function isOnlyTried({ caseId }: Step, { store, settings }: WriteBackParts): Promise<boolean> {
  const about = await store.readCase(caseId);
  return about !== null && isDryRun(about.policy.id, settings);
}

/** Answers what became of it, for the trail. */
async function write(step: Step, body: WriteBack, parts: WriteBackParts): Promise<string> {
  try {
    const alert = await parts.alerts.read(body.sourceId);
    if (!alert) return 'the alert is not there any more';
    await parts.alerts.setVerdict(body.sourceId, body.verdict);
    if (!JSON.stringify(alert.comments ?? []).includes(body.mark))
      await parts.alerts.comment(body.sourceId, commentOf(body, parts));
    return 'written';
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    if (error.retryable && step.attempts + 1 < ATTEMPTS) throw error;
    parts.log.error(
      { code: error.code, alert: body.sourceId, reason: errorText(error) },
      'verdict not written back',
    );
    return `not written: ${error.code}`;
  }
}

/** Moments stay ISO 8601, in UTC: they are compared with other records. */
function commentOf({ comment, mark }: WriteBack, { words, settings }: WriteBackParts): string {
  if (typeof comment === 'string') return comment;
  const { locale } = settings;
  const text = (said: Said): string => words.write(said, { locale, timeZone: 'UTC', now: '', iso: true });
  return `${comment.map(text).join(' ').slice(0, COMMENT_LENGTH)} ${mark}`;
}
