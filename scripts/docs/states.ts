// docs/states.md: the case's states as a diagram and a table, drawn from the transitions table.
import {
  CASE_EVENTS,
  CASE_STATES,
  type CaseState,
  isEnd,
  OPEN_STATES,
  TRANSITIONS,
} from '../../src/case/transitions.ts';

export const page = 'docs/states.md';

interface Arrow {
  readonly from: CaseState;
  readonly to: CaseState;
  readonly events: readonly string[];
}

/** One arrow for each pair of states, carrying every event that leads from the one to the other. */
function arrows(): readonly Arrow[] {
  return CASE_STATES.flatMap((from) =>
    CASE_STATES.map((to) => ({
      from,
      to,
      events: CASE_EVENTS.filter((event) => TRANSITIONS[from][event] === to),
    })),
  ).filter((arrow) => arrow.events.length > 0);
}

function diagram(): string {
  const lines = arrows().map(({ from, to, events }) => `  ${from} --> ${to}: ${events.join(', ')}`);
  const ends = CASE_STATES.filter(isEnd).map((state) => `  ${state} --> [*]`);
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> routing', ...lines, ...ends, '```'].join('\n');
}

function table(): string {
  const rows = CASE_STATES.map((state) => {
    const accepts = Object.entries(TRANSITIONS[state]).map(([event, next]) => `${event} → ${next}`);
    return `| ${state} | ${OPEN_STATES.includes(state) ? 'yes' : 'no'} | ${accepts.join(', ') || 'nothing: this is an end'} |`;
  });
  return ['| state | later matches join | accepts |', '|---|---|---|', ...rows].join('\n');
}

export function render(): string {
  return `# The states of a case

Every event that a state does not list is refused.

${diagram()}

${table()}
`;
}
