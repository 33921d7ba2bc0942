// "That was a mistake": the answer is taken back and the question asked again, of the same people. What was changed in the world is
// for Undo first, as long as any of it can be undone and that was not tried; what stands is said to stand.
import { type Case, type Decision, lastTaken } from '../case/case.ts';
import { unclaimedGroup } from '../case/claimed-group.ts';
import type { Run } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { isDryRun } from '../case/settings.ts';
import { decidersOf, hasSigned } from '../case/signed.ts';
import { isSilence } from '../case/silence.ts';
import { isForUndoFirst, stillStanding } from '../case/standing.ts';
import type { CaseState } from '../case/transitions.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { letGo } from '../ports/target-line.ts';
import type { Role } from './authorise.ts';
import { endExpected } from './expected-until.ts';
import { type Change, ClaimRefused, type DecideParts } from './parts.ts';
import { undoableOf } from './request-undo.ts';

export async function correct(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  role: Role,
  parts: DecideParts,
): Promise<Change> {
  if (hasSigned(about, decision.by.id)) return withdraw(about, decision);
  const event = EVENTS[about.state];
  if (!event) throw refused('decide.nothing-to-correct', NOT_NOW[about.state] ?? NOTHING);
  const undoable = isDryRun(about.policy.id, parts.settings)
    ? []
    : undoableOf(await tx.runsOf(about.id), parts);
  if (isForUndoFirst(about, undoable)) throw refused('decide.nothing-to-correct', UNDO_FIRST);
  // The person in question was believed: nobody has decided anything.
  const taken = lastTaken(about);
  if (role !== 'security' && !decidersOf(about).includes(decision.by.id))
    throw refused(
      'decide.not-your-answer',
      taken ? say('decide.not-your-answer', { name: taken.by.name }) : say('decide.not-your-answer-either'),
    );
  const { undoWindowMs } = parts.settings.governance;
  if (Date.parse(taken?.at ?? about.updatedAt) + undoWindowMs < parts.clock.now())
    throw refused('decide.correct-too-late', say('decide.correct-too-late', { span: { ms: undoWindowMs } }));
  if (event === 'cancelled') await cancelRuns(tx, about, taken, decision.at);
  else await endExpected(tx, about, decision.by, decision.at, 'case');
  const says = say('decide.was-a-mistake', { name: decision.by.name });
  return {
    event,
    patch: {
      outcome: [says, ...stillStanding(await tx.runsOf(about.id))],
      groupKey: unclaimedGroup(about),
      // What was said before counts for nothing now, this included.
      decidedBefore: about.decisions.length + 1,
      // They were heard already.
      subjectAsked: true,
      voids: 0,
      toSecurity: isHandedOver(about) ? say('decide.security-had-it') : silenceOf(about),
    },
    steps: [
      { kind: 'route', key: '' },
      ...writeBackSteps(about, { kind: 'escalated', says: [says], decision }),
    ],
    cancel: ['act', 'ask', 'chase'],
  };
}

/** It came to the security team because nobody had answered: it goes back there, with whoever may answer late. */
const silenceOf = ({ toSecurity }: Case): Said | null =>
  toSecurity !== null && isSilence(toSecurity) ? toSecurity : null;

/** Only what they signed themselves, whoever the question is with by now; what others signed stands. */
function withdraw(about: Case, decision: Decision): Change {
  const says = say('decide.took-back', { name: decision.by.name });
  const { question, toSecurity } = about;
  return {
    event: 'noted',
    patch: {
      ...(toSecurity !== null && { toSecurity: sentences([toSecurity, says]) }),
      // The security team reads why it came to them.
      ...(question &&
        toSecurity !== null && { question: { ...question, reason: sentences([question.reason, says]) } }),
    },
    steps: writeBackSteps(about, { kind: 'second-signature', says: [], decision }),
  };
}

const EVENTS = {
  executing: 'cancelled',
  contained: 'corrected',
  dismissed: 'corrected',
  undone: 'corrected',
} as const satisfies Partial<Record<CaseState, Change['event']>> as Readonly<
  Partial<Record<CaseState, 'cancelled' | 'corrected'>>
>;

const NOTHING = say('decide.nothing-to-correct');
const UNDO_FIRST = say('decide.correct-later.contained');
const NOT_NOW: Readonly<Partial<Record<CaseState, Said>>> = {
  undoing: say('decide.correct-later.undoing'),
  asking: say('decide.correct-later.asking'),
  routing: say('decide.correct-later.routing'),
};

/** Somebody had a reason to hand it over, besides a second signature: it goes back there. */
const isHandedOver = ({ decisions }: Case): boolean => decisions.some(({ verb }) => verb === 'escalate');

/** Only while nothing of it has begun: what has is proven, and undone, as a whole. */
async function cancelRuns(
  tx: StoreTransaction,
  about: Case,
  taken: Decision | undefined,
  at: string,
): Promise<void> {
  const index = taken ? about.decisions.indexOf(taken) : -1;
  const runs = (await tx.runsOf(about.id)).filter((run) => run.decision === index);
  if (runs.length === 0 || runs.some(({ state }) => state !== 'pending'))
    throw refused('decide.begun', runs.every(isForGood) ? say('decide.begun-for-good') : say('decide.begun'));
  for (const run of runs) await tx.saveRun({ ...run, state: 'void', says: say('decide.taken-back-before') });
  await letGo(tx, about.id, at);
}

/** There will be nothing to undo, as it was shown. */
const isForGood = ({ shown }: Run): boolean => shown?.undo === false || shown?.dryRun === true;

const refused = (code: string, words: Said): ClaimRefused => new ClaimRefused(code, code, { say: words });
