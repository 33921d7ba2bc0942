// Writes the verdict to the alert at Microsoft, in the `write-back` step. Repeats converge; the comment carries a mark.
import { SYSTEM } from '../case/case.ts';
import { errorText, isCountersignError } from '../case/errors.ts';
import type { Step } from '../case/run.ts';
import type { WriteBack } from '../case/verdict.ts';
import type { AlertSource } from '../ports/alert-source.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Log } from '../ports/log.ts';

const ATTEMPTS = 12;

export interface WriteBackParts {
  readonly store: CaseStore;
  readonly alerts: AlertSource;
  readonly log: Log;
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
        await parts.alerts.comment(body.sourceId, body.comment);
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
