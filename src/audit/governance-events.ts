// Which entries of the trail are part of the governance log, and what each is called there.

export type GovernanceEvent =
  | 'asked'
  | 'watched'
  | 'unanswered'
  | 'told'
  | 'stated'
  | 'decided'
  | 'refused'
  | 'proposed'
  | 'excepted'
  | 'revoked'
  | 'delegated'
  | 'voided'
  | 'started'
  | 'done'
  | 'verified'
  | 'dry-run'
  | 'waiting'
  | 'followed-up'
  | 'failed'
  | 'undo-started'
  | 'undone'
  | 'passed-over'
  | 'undo-failed'
  | 'erased';

/** By the entry's kind. */
const EVENT_OF: Readonly<Record<string, GovernanceEvent>> = {
  'question.asked': 'asked',
  'question.asked-besides': 'asked',
  'question.monitored': 'watched',
  'question.timed-out': 'unanswered',
  'security.told': 'told',
  'subject.asked': 'told',
  'subject.stated': 'stated',
  'decision.approve': 'decided',
  'decision.dismiss': 'decided',
  'decision.escalate': 'decided',
  'decision.reassign': 'decided',
  'decision.keep': 'decided',
  'decision.undo': 'decided',
  'decision.correct': 'decided',
  'decision.refused': 'refused',
  'case.proposed': 'proposed',
  'exception.made': 'excepted',
  'exception.revoked': 'revoked',
  'delegation.set': 'delegated',
  'delegation.ended': 'delegated',
  'run.voided': 'voided',
  'run.executing': 'started',
  'run.executed': 'done',
  'run.not-yet': 'waiting',
  'run.begun-anew': 'waiting',
  'run.again': 'waiting',
  'run.paused': 'waiting',
  'run.resumed': 'waiting',
  'run.verified': 'verified',
  'run.followed-up': 'followed-up',
  'run.relapsed': 'failed',
  'run.failed': 'failed',
  'run.reverting': 'undo-started',
  'run.reverted': 'undone',
  'run.passed-over': 'passed-over',
  'run.revert-failed': 'undo-failed',
  'audit.erased': 'erased',
};

/** Who was reached by which message, and what joined the case: in the trail, and about nothing of governance. */
export const LEFT_OUT: readonly string[] = [
  'question.clock-set',
  'question.reminded',
  'question.reminder-shown',
  'question.sent',
  'question.unreachable',
  'exception.held',
];

/** Null where it is not part of the log. */
export const eventOf = (kind: string, isDryRun: boolean): GovernanceEvent | null =>
  kind === 'run.verified' && isDryRun ? 'dry-run' : (EVENT_OF[kind] ?? null);
