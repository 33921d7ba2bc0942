// How grave a case is, and where it stands, in a word or two.
import type { Severity } from './alert.ts';
import { type Phrase, say } from './said.ts';
import type { CaseState } from './transitions.ts';

export const SEVERITY_WORDS: Readonly<Record<Severity, Phrase>> = {
  informational: say('case.severity.informational'),
  low: say('case.severity.low'),
  medium: say('case.severity.medium'),
  high: say('case.severity.high'),
  critical: say('case.severity.critical'),
};

export const STATE_WORDS: Readonly<Record<CaseState, Phrase>> = {
  routing: say('case.state.routing'),
  asking: say('case.state.asking'),
  monitored: say('case.state.monitored'),
  executing: say('case.state.executing'),
  contained: say('case.state.contained'),
  dismissed: say('case.state.dismissed'),
  undoing: say('case.state.undoing'),
  undone: say('case.state.undone'),
  closed: say('case.state.closed'),
};
