// Writes the verdict to the alert at Microsoft, in the `write-back` step. Repeats converge; the comment carries a mark.
import { SYSTEM } from '../case/case.ts';
import { errorText, isCountersignError } from '../case/errors.ts';
import type { Step } from '../case/run.ts';
import type { Said } from '../case/said.ts';
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
  /** The tenant's, BCP 47: nobody in particular reads what is written there. */
  readonly locale: string;
}

export async function writeBack(step: Step, parts: WriteBackParts): Promise<void> {
  const body = step.body as unknown as WriteBack;
  let result = 'written';
  try {
    const alert = await parts.alerts.read(body.sourceId);
    if (!alert) result = 'the alert is not there any more';
    else {
      await parts.alerts.setVerdict(body.sourceId, body.verdict);
      if (!JSON.stringify(alert.comments ?? []).includes(body.mark))
        await parts.alerts.comment(body.sourceId, commentOf(body, parts));
    }
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    if (error.retryable && step.attempts + 1 < ATTEMPTS) throw error;
    parts.log.error(
      { code: error.code, alert: body.sourceId, reason: errorText(error) },
      'verdict not written back',
    );
    result = `not written: ${error.code}`;
  }
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

/** Moments stay ISO 8601, in UTC: they are compared with other records. */
function commentOf({ comment, mark }: WriteBack, { words, locale }: WriteBackParts): string {
  if (typeof comment === 'string') return comment;
  const write = (said: Said): string => words.write(said, { locale, timeZone: 'UTC', now: '', iso: true });
  return `${comment.map(write).join(' ').slice(0, COMMENT_LENGTH)} ${mark}`;
}
