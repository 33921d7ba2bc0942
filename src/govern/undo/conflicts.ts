// What keeps an undo from being made: the world moved on, or another case relies on it. Shown with all three states; only the
// security role puts it back anyway, over exactly the state that was shown. Pure.
import { createHash } from 'node:crypto';
import type { Case, UndoConflict } from '../../case/case.ts';
import { canonicalJson, type JsonObject } from '../../case/json.ts';
import type { Run } from '../../case/run.ts';
import { isPhrase, type Said, say } from '../../case/said.ts';
import { targetSaid } from '../../case/target-words.ts';
import type { Difference } from '../action.ts';

/** A policy as JSON may be long: the card shows how it begins. */
const MOST_STATE = 80;
const short = (said: Said): Said =>
  isPhrase(said) || said.length <= MOST_STATE ? said : `${said.slice(0, MOST_STATE)}…`;

/** SHA-256 (hex) of the state. */
export const stateDigest = (state: JsonObject): string =>
  createHash('sha256').update(canonicalJson(state)).digest('hex');

/** Null where the world is as we left it, nobody relies on that, and nothing `opens` that was closed before. */
export function findConflict(
  run: Run,
  differences: readonly Difference[],
  relying: string | null,
  opens: Said | null,
  now: JsonObject,
): UndoConflict | null {
  const target = targetSaid(run.target);
  const says = [
    ...differences.map(({ part, before, left, now: is }) =>
      say('govern.differs', {
        ...{ target, part },
        ...{
          before: short(before),
          left: run.after ? short(left) : say('govern.left-unknown'),
          now: short(is),
        },
      }),
    ),
    ...(relying ? [say('govern.relied-on', { target, ref: relying })] : []),
    ...(opens ? [opens] : []),
  ];
  return says.length === 0 ? null : { run: run.id, over: stateDigest(now), says };
}

/** The security role was shown this very state, and wants it put back anyway. */
export function mayGoOver(about: Case, conflict: UndoConflict): boolean {
  const last = about.decisions.at(-1);
  if (last?.verb !== 'undo' || last.anyway !== true) return false;
  const shown = about.undoConflicts?.find((one) => one.run === conflict.run);
  return (
    shown !== undefined &&
    shown.over === conflict.over &&
    canonicalJson(shown.says) === canonicalJson(conflict.says)
  );
}
