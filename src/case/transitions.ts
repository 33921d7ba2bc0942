// Which event may follow which state: one table, from which the docs' diagram is generated. Nothing else decides it.
import { CountersignError } from './errors.ts';
import { say } from './said.ts';

export const CASE_STATES = [
  'routing',
  'asking',
  'monitored',
  'executing',
  'contained',
  'dismissed',
  'undoing',
  'undone',
  'closed',
] as const;
export type CaseState = (typeof CASE_STATES)[number];

export const CASE_EVENTS = [
  'joined',
  'widened',
  'asked',
  'asked-besides',
  'monitored',
  'unreachable',
  'signed',
  'reassigned',
  'timed-out',
  'owned-up',
  'stated',
  'kept',
  'released',
  'corrected',
  'cancelled',
  'approved',
  'dismissed',
  'escalated',
  'resolved-at-source',
  'settled-at-source',
  'recognised',
  'out-of-scope',
  'lapsed',
  'repeated',
  'reopened',
  'superseded',
  'progressed',
  'verified',
  'informed',
  'voided',
  'proposed',
  'noted',
  'relapsed',
  'failed',
  'undo-requested',
  'reverted',
  'revert-failed',
] as const;
export type CaseEvent = (typeof CASE_EVENTS)[number];

/** State by event to the next state. What is absent is refused. */
export const TRANSITIONS: Readonly<Record<CaseState, Readonly<Partial<Record<CaseEvent, CaseState>>>>> = {
  // Opened, or to be asked anew: whom to ask is being looked up.
  routing: {
    joined: 'routing',
    noted: 'routing',
    widened: 'routing',
    asked: 'asking',
    monitored: 'monitored',
    'resolved-at-source': 'closed',
    // So is it there, but something of ours still stands here: it can be undone.
    'settled-at-source': 'contained',
    recognised: 'closed',
    // The policy does not look at this person, which only the directory could tell.
    'out-of-scope': 'closed',
    lapsed: 'closed',
    // A broader case asks about it.
    superseded: 'closed',
  },
  // A question is with somebody.
  asking: {
    joined: 'asking',
    noted: 'asking',
    // Nobody answered yet: somebody else is asked as well.
    'asked-besides': 'asking',
    // One answer of several that it takes.
    signed: 'asking',
    // Whoever was asked says that it is for somebody else to say.
    reassigned: 'routing',
    // Nobody answered in time, or the person in question did not.
    'timed-out': 'routing',
    // The person in question, asked first, says that it was them, and the policy takes their word for it.
    'owned-up': 'dismissed',
    // They say that it was not, or more hangs on it than their word: others are asked, and see what they said.
    stated: 'routing',
    // What was contained before anybody had answered: it stays so, or it is let go as expected.
    kept: 'contained',
    released: 'undoing',
    // Somebody with the security role wants more to be offered.
    proposed: 'routing',
    // A new deed, a new person or a higher severity: what was asked no longer says the truth, so it is asked anew.
    widened: 'routing',
    unreachable: 'routing',
    approved: 'executing',
    dismissed: 'dismissed',
    escalated: 'routing',
    'resolved-at-source': 'closed',
    'settled-at-source': 'contained',
    superseded: 'closed',
  },
  // The policy's stage is monitor: what would have been asked is on record, and nobody was asked.
  monitored: {
    joined: 'monitored',
    widened: 'routing',
    'resolved-at-source': 'closed',
    // Its grouping time is over: the next match opens a case of its own.
    lapsed: 'closed',
  },
  // Claimed: the decision is committed, the actions run.
  executing: {
    progressed: 'executing',
    noted: 'executing',
    verified: 'contained',
    // It only asked or told somebody: the question goes on.
    informed: 'routing',
    // The world had changed before anything was done: whoever decided did not decide that.
    voided: 'routing',
    // Whoever decided took it back before anything had begun.
    cancelled: 'routing',
    failed: 'routing',
  },
  contained: {
    noted: 'contained',
    // The first of two who want it undone.
    signed: 'contained',
    'undo-requested': 'undoing',
    proposed: 'routing',
    // What was to come true later did not.
    relapsed: 'routing',
    // The answer was a mistake, and undo cannot be had, or did not put all of it back: it is asked again.
    corrected: 'routing',
  },
  // Something may still stand from an earlier decision of the same case.
  dismissed: {
    'undo-requested': 'undoing',
    signed: 'dismissed',
    // The answer was a mistake: it is asked again.
    corrected: 'routing',
    noted: 'dismissed',
    proposed: 'routing',
    repeated: 'dismissed',
    // Something that the answer was not about, within the grouping time.
    reopened: 'routing',
  },
  undoing: { progressed: 'undoing', noted: 'undoing', reverted: 'undone', 'revert-failed': 'contained' },
  undone: { noted: 'undone', corrected: 'routing', proposed: 'routing' },
  // What was closed as out of scope counts its repeats.
  closed: { repeated: 'closed' },
};

/** The states in which later matches of the same group join instead of opening a case of their own. */
export const OPEN_STATES: readonly CaseState[] = ['routing', 'asking', 'monitored'];
export const isOpen = (state: CaseState): boolean => OPEN_STATES.includes(state);

/** Nothing leads anywhere else from here. */
export const isEnd = (state: CaseState): boolean =>
  Object.values(TRANSITIONS[state]).every((next) => next === state);

export const canFollow = (state: CaseState, event: CaseEvent): boolean =>
  TRANSITIONS[state][event] !== undefined;

/** The next state. Throws `case.transition` where the table has none. */
export function nextState(state: CaseState, event: CaseEvent): CaseState {
  const next = TRANSITIONS[state][event];
  if (!next)
    throw new CountersignError('case.transition', `A case that is ${state} cannot be ${event}.`, {
      say: say('case.moved-on'),
    });
  return next;
}
