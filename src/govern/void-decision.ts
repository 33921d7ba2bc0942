// The world changed between the answer and the first change: what has not begun is void, and asked again with a fresh plan.
import { type Case, SYSTEM } from '../case/case.ts';
import { unclaimedGroup } from '../case/claimed-group.ts';
import type { Run, Step } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { targetSaid } from '../case/target-words.ts';
import { MOST_VOIDS } from '../case/voids.ts';
import type { WordKey } from '../case/word-keys.ts';
import { isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import { letGo } from '../ports/target-line.ts';
import type { GovernParts } from './parts.ts';
import type { Change } from './preview.ts';
import { isUnderWay, ofSameDecision, renewed } from './runs.ts';

export async function voidDecision(
  step: Step,
  about: Case,
  run: Run,
  changes: readonly Change[],
  parts: GovernParts,
): Promise<void> {
  const at = isoTime(parts.clock);
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = (await tx.lockCase(about.id)) ?? about;
    const mates = ofSameDecision(run, await tx.runsOf(about.id));
    const pending = mates.filter((one) => one.state === 'pending');
    for (const one of pending) {
      const says =
        changes.find((change) => change.run.id === one.id)?.says ?? say('govern.not-started.asked-again');
      await tx.saveRun({ ...one, state: 'void', says });
    }
    const lines = wordsOf(changes, mates, pending);
    const voids = (current.voids ?? 0) + 1;
    const toSecurity =
      current.toSecurity ?? (voids >= MOST_VOIDS ? say('govern.changed-too-often', { n: voids }) : null);
    await commitTransition(tx, current, {
      event: 'voided',
      at,
      patch: {
        toSecurity,
        voids,
        groupKey: unclaimedGroup(current),
        outcome: renewed(current.outcome, [], lines),
      },
      steps: [{ kind: 'route', key: '' }],
      note: {
        kind: 'run.voided',
        actor: SYSTEM,
        facts: { run: run.id, runs: pending.map((one) => one.id), inARow: voids },
        personal: { says: lines },
      },
    });
    await letGo(tx, about.id, at);
    await tx.finishStep(step);
  });
}

function wordsOf(
  changes: readonly Change[],
  mates: readonly Run[],
  pending: readonly Run[],
): readonly Said[] {
  const begun = mates.filter((one) => !pending.includes(one));
  // What is not proven yet may still fail, and what has failed says so itself.
  const done = begun.filter(({ state }) => state === 'verified');
  const underWay = begun.filter(isUnderWay);
  const [first, ...others] = changes.map((change) => change.says);
  const changed = [
    say('govern.approved-changed', { what: first ?? say('govern.no-longer-same') }),
    ...others,
  ];
  if (begun.length === 0) return [...changed, say('govern.nothing-done')];
  return [
    ...changed,
    ...listed('govern.part-done', done),
    ...listed('govern.part-begun', underWay),
    ...listed('govern.part-not-done', pending),
  ];
}

const listed = (key: WordKey, runs: readonly Run[]): readonly Said[] =>
  runs.length > 0 ? [say(key, { targets: runs.map(({ target }) => targetSaid(target)) })] : [];
