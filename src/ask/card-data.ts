// What a card says: plain data for cards/question.json and cards/outcome.json. Pure; the adapter draws it.
// Every text that came from outside passes plainText here, and nowhere else on the way to the card.
import type { Case } from '../case/case.ts';
import type { Json, JsonObject } from '../case/json.ts';
import { targetLabel } from '../case/target.ts';
import type { CardContent } from '../ports/messenger.ts';
import type { CardView, Show, Size } from './card-view.ts';
import { answeredLines, deedLines } from './deed-lines.ts';
import { lasting, outcomeData } from './outcome-data.ts';
import { plainText } from './plain-text.ts';
import { questionData } from './question-data.ts';
import { shortTimeText, timed, timeText } from './time-text.ts';

const FULL: Size = { line: 300, lines: 24, list: 40 };
/** For cards that would grow too large for Teams, one after the other. */
const SMALLER: readonly Size[] = [
  { line: 160, lines: 24, list: 12 },
  { line: 60, lines: 24, list: 12 },
  { line: 60, lines: 6, list: 8 },
  { line: 60, lines: 2, list: 5 },
  { line: 40, lines: 1, list: 4 },
  { line: 24, lines: 1, list: 3 },
  { line: 16, lines: 1, list: 2 },
];
/** The templates around the data, with what they say twice, take up to 12 KB, and a card must stay below 28. */
const MOST_DATA_BYTES = 15.5 * 1024;
/** Of what came of the answer before. */
const MOST_SINCE = 4;
/** What a template puts around each line. */
const LINE_BYTES = 90;

export function caseCard(about: Case, view: CardView): CardContent {
  let card = drawWith(about, view, FULL);
  for (const size of SMALLER) {
    if (weightOf(card, view) <= MOST_DATA_BYTES) break;
    card = drawWith(about, view, size);
  }
  return card;
}

function weightOf({ data }: CardContent, { readers = [] }: CardView): number {
  const text = JSON.stringify(data);
  return Buffer.byteLength(text + JSON.stringify(readers)) + LINE_BYTES * text.split('{"text":').length;
}

function drawWith(about: Case, view: CardView, size: Size): CardContent {
  const { line, list } = size;
  const show: Show = (text, most = line) => plainText(text, Math.min(most, line));
  const asks = about.state === 'asking' && about.question !== null && view.mayAnswer && !view.superseded;
  const shared: JsonObject = {
    ref: about.ref,
    questionId: about.question?.id ?? '',
    notice: [
      ...(view.notice ? [view.notice] : []),
      ...(asks ? [...sinceLines(about), ...answeredLines(about)] : []),
    ]
      .map((text) => show(timed(text, view)))
      .join(' '),
    signInUrl: view.signInUrl ?? '',
    // Short or not, the question itself must be understood.
    headline: plainText(headline(about), Math.max(line, 200)),
    severity: severityText(about),
    severityColor: severityColor(about),
    facts: factsOf(about, view, show),
    details: [
      ...about.facts.map((fact) => ({ title: show(fact.label, 40), value: show(fact.value) })),
      ...deedLines(about, show).rest,
      ...(view.forOperator ? troubleLines(about, view, show) : []),
    ].slice(0, list),
  };
  return asks
    ? { template: 'question', data: { ...shared, ...questionData(about, show, size, view) } }
    : { template: 'outcome', data: { ...shared, ...outcomeData(about, view, show, size) } };
}

/** Why there is a question again: what was approved had changed, could not be done, or only asked the person in question. */
const sinceLines = (about: Case): readonly string[] =>
  lasting(about)
    .filter((line) => !about.question?.reason.includes(line))
    .slice(-MOST_SINCE);

/** The policy's question with the names filled in. */
export function headline(about: Case): string {
  // A name that the caller chose is shown among the facts, never as the one who did it.
  const known = about.hint.kind === 'entra' ? about.hint.name : undefined;
  const subject = about.subject?.name ?? known ?? 'Somebody';
  const first = about.targets.find((target) => target.kind !== 'user') ?? about.targets[0];
  const target = first ? targetLabel(first) : about.title;
  const text = about.policy.question.replaceAll('{subject}', subject).replaceAll('{target}', target);
  return about.attempt ? `${text} (It was tried, and refused.)` : text;
}

function factsOf(about: Case, view: CardView, show: Show): Json {
  const when =
    about.seen > 1
      ? `${timeText(about.lastSeenAt, view.timeZone)} (${about.seen - 1} more since ${shortTimeText(about.firstSeenAt, view.timeZone, about.lastSeenAt)})`
      : timeText(about.lastSeenAt, view.timeZone);
  const who = about.subject
    ? `${about.subject.name} (${about.subject.userPrincipalName})`
    : about.hint.kind === 'unknown'
      ? `Not known for certain: ${about.hint.reason}`
      : (about.hint.name ?? about.hint.id);
  const what = about.targets.filter((target) => target.kind !== 'user').map(targetLabel);
  const more = Math.max(0, what.length - 4) + (about.moreTargets ?? 0);
  const deeds = deedLines(about, show).first;
  const shown = what.slice(0, 4).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return [
    { title: 'What', value: show(whatHappened(about)) },
    { title: 'Who', value: show(who) },
    { title: 'When', value: when },
    ...(shown ? [{ title: 'On', value: show(shown) }] : []),
    ...statementLines(about, view, show),
    ...deeds,
  ];
}

/** What the person in question says themselves: never hidden among the details. */
function statementLines({ statements = [] }: Case, view: CardView, show: Show) {
  return statements.slice(-2).map(({ by, was, at, comment }) => {
    const said = was === 'me' ? 'it was me' : 'it was NOT me';
    const words = comment ? `: ${comment}` : '';
    return {
      title: 'They say',
      value: show(`${by.name}, ${shortTimeText(at, view.timeZone, view.now)}: ${said}${words}`),
    };
  });
}

function troubleLines({ troubles = [] }: Case, view: CardView, show: Show) {
  return troubles.slice(-5).map(({ at, action, target, code, message, requestId }) => ({
    title: `Failed ${shortTimeText(at, view.timeZone, view.now)}`,
    value: show(`${action} on ${target}: ${code}: ${message}${requestId ? ` (request ${requestId})` : ''}`),
  }));
}

/** A CloudTrail title is the name of an API call, which stands among the technical details already. */
const whatHappened = (about: Case): string =>
  about.sources.some((one) => one.source === 'graph') ? about.title : about.policy.title;

const severityText = (about: Case): string =>
  `${about.severity.charAt(0).toUpperCase()}${about.severity.slice(1)} severity`;

function severityColor(about: Case): string {
  if (about.severity === 'critical' || about.severity === 'high') return 'attention';
  return about.severity === 'medium' ? 'warning' : 'default';
}
