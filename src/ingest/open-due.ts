// Opens or joins the cases of what could only be judged once its window was over: in the transaction that judges it.
// Never calls out.
import type { Alert } from '../case/alert.ts';
import type { Windows } from '../ports/windows.ts';
import { transactUntilWon } from './accept-alerts.ts';
import type { Opening } from './open-case.ts';
import { type OpenParts, placeAlert } from './place-alert.ts';

export interface DueAlert {
  /** As it was when it came, without the vendor's record. */
  readonly alert: Alert;
  readonly openings: readonly Opening[];
}

export interface OpenDueParts extends OpenParts {
  /** Has no effect but on the windows. */
  judgeDue(windows: Windows): Promise<{ readonly due: readonly DueAlert[]; readonly more: boolean }>;
}

/** How many cases were opened or joined, once all that is due is judged. */
export async function openDue(parts: OpenDueParts): Promise<number> {
  for (let landed = 0; ; ) {
    const round = await transactUntilWon(parts.store, async (tx) => {
      const { due, more } = await parts.judgeDue(tx.windows);
      let cases = 0;
      for (const { alert, openings } of due)
        for (const opening of openings) {
          const known = await tx.findAlert(alert.source, alert.sourceId);
          const { id, outcome } = await placeAlert(tx, null, opening, alert, parts);
          if (id && known?.revision === alert.revision && known.caseId === null)
            await tx.saveAlert(alert, id);
          if (outcome !== 'held-back') cases++;
        }
      return { cases, more };
    });
    landed += round.cases;
    if (!round.more) return landed;
  }
}
