// The state machine by enumeration. The expected table is written out a second time on purpose: a change must be meant twice.
import assert from 'node:assert/strict';
import { isCountersignError } from '../../src/case/errors.ts';
import {
  CASE_EVENTS,
  CASE_STATES,
  type CaseEvent,
  type CaseState,
  canFollow,
  isEnd,
  isOpen,
  nextState,
} from '../../src/case/transitions.ts';

const EXPECTED: readonly (readonly [CaseState, CaseEvent, CaseState])[] = [
  ['routing', 'joined', 'routing'],
  ['routing', 'widened', 'routing'],
  ['routing', 'asked', 'asking'],
  ['routing', 'resolved-at-source', 'closed'],
  ['routing', 'settled-at-source', 'contained'],
  ['routing', 'noted', 'routing'],
  ['routing', 'recognised', 'closed'],
  ['routing', 'monitored', 'monitored'],
  ['routing', 'out-of-scope', 'closed'],
  ['routing', 'lapsed', 'closed'],
  ['routing', 'superseded', 'closed'],
  ['asking', 'superseded', 'closed'],
  ['asking', 'joined', 'asking'],
  ['asking', 'widened', 'routing'],
  ['asking', 'unreachable', 'routing'],
  ['asking', 'approved', 'executing'],
  ['asking', 'dismissed', 'dismissed'],
  ['asking', 'escalated', 'routing'],
  ['asking', 'resolved-at-source', 'closed'],
  ['asking', 'settled-at-source', 'contained'],
  ['asking', 'noted', 'asking'],
  ['asking', 'proposed', 'routing'],
  ['asking', 'asked-besides', 'asking'],
  ['asking', 'signed', 'asking'],
  ['asking', 'reassigned', 'routing'],
  ['asking', 'timed-out', 'routing'],
  ['asking', 'owned-up', 'dismissed'],
  ['asking', 'stated', 'routing'],
  ['asking', 'kept', 'contained'],
  ['asking', 'released', 'undoing'],
  ['monitored', 'joined', 'monitored'],
  ['monitored', 'widened', 'routing'],
  ['monitored', 'resolved-at-source', 'closed'],
  ['monitored', 'lapsed', 'closed'],
  ['executing', 'progressed', 'executing'],
  ['executing', 'verified', 'contained'],
  ['executing', 'failed', 'routing'],
  ['executing', 'noted', 'executing'],
  ['executing', 'informed', 'routing'],
  ['executing', 'voided', 'routing'],
  ['executing', 'cancelled', 'routing'],
  ['contained', 'undo-requested', 'undoing'],
  ['contained', 'noted', 'contained'],
  ['contained', 'proposed', 'routing'],
  ['contained', 'relapsed', 'routing'],
  ['contained', 'corrected', 'routing'],
  ['contained', 'signed', 'contained'],
  ['dismissed', 'undo-requested', 'undoing'],
  ['dismissed', 'noted', 'dismissed'],
  ['dismissed', 'proposed', 'routing'],
  ['dismissed', 'repeated', 'dismissed'],
  ['dismissed', 'reopened', 'routing'],
  ['dismissed', 'signed', 'dismissed'],
  ['dismissed', 'corrected', 'routing'],
  ['closed', 'repeated', 'closed'],
  ['undoing', 'progressed', 'undoing'],
  ['undoing', 'reverted', 'undone'],
  ['undoing', 'revert-failed', 'contained'],
  ['undoing', 'noted', 'undoing'],
  ['undone', 'noted', 'undone'],
  ['undone', 'proposed', 'routing'],
  ['undone', 'corrected', 'routing'],
];
const ENDS: readonly CaseState[] = ['closed'];
const START: CaseState = 'routing';

const expectedNext = (state: CaseState, event: CaseEvent): CaseState | undefined =>
  EXPECTED.find(([from, by]) => from === state && by === event)?.[2];
const stepsFrom = (state: CaseState): readonly CaseState[] =>
  CASE_EVENTS.filter((event) => canFollow(state, event)).map((event) => nextState(state, event));

/** Every state that can be reached from this one, itself included. */
function reachableFrom(state: CaseState): ReadonlySet<CaseState> {
  const seen = new Set<CaseState>([state]);
  // A Set hands out what is added while it is walked.
  for (const next of seen) for (const after of stepsFrom(next)) seen.add(after);
  return seen;
}

describe('the transitions of a case', () => {
  for (const state of CASE_STATES)
    for (const event of CASE_EVENTS) {
      const next = expectedNext(state, event);
      if (next)
        it(`takes a case that is ${state} to ${next} when it is ${event}`, () => {
          assert.equal(canFollow(state, event), true);
          assert.equal(nextState(state, event), next);
        });
      else
        it(`refuses ${event} for a case that is ${state}`, () => {
          assert.equal(canFollow(state, event), false);
          assert.throws(
            () => nextState(state, event),
            (error) => isCountersignError(error) && error.code === 'case.transition' && !error.retryable,
          );
        });
    }

  it('reaches every state from the first one', () => {
    assert.deepEqual([...reachableFrom(START)].sort(), [...CASE_STATES].sort());
  });

  it('uses every event somewhere', () => {
    const used = CASE_EVENTS.filter((event) => CASE_STATES.some((state) => canFollow(state, event)));

    assert.deepEqual(used, CASE_EVENTS);
  });

  it('ends only where an end is meant', () => {
    assert.deepEqual(
      CASE_STATES.filter((state) => stepsFrom(state).every((next) => next === state)),
      ENDS,
    );
    assert.deepEqual(CASE_STATES.filter(isEnd), ENDS);
  });

  it('leads to an end from every state', () => {
    for (const state of CASE_STATES)
      assert.ok(
        ENDS.some((end) => reachableFrom(state).has(end)),
        `${state} goes round for ever`,
      );
  });

  it('lets later matches join in exactly the states that are open', () => {
    for (const state of CASE_STATES) assert.equal(isOpen(state), canFollow(state, 'joined'), state);
  });

  it('runs actions only after an approval', () => {
    const into = CASE_STATES.filter((state) => state !== 'executing').flatMap((state) =>
      CASE_EVENTS.filter((event) => canFollow(state, event) && nextState(state, event) === 'executing').map(
        (event) => `${state} ${event}`,
      ),
    );

    assert.deepEqual(into, ['asking approved']);
  });

  it('lets nobody answer, or act on, a case that is only monitored', () => {
    for (const event of ['asked', 'approved', 'dismissed', 'escalated', 'undo-requested'] as const)
      assert.equal(canFollow('monitored', event), false, event);
  });
});
