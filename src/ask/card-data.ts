// What a card says: plain data for cards/question.json and cards/outcome.json. Pure; the adapter draws it.
// Every word passes `show` here, and nowhere else on the way to the card: written for its reader, and escaped.
import type { Case } from '../case/case.ts';
import type { Json, JsonObject } from '../case/json.ts';
import { questionSaid, titleSaid } from '../case/policy-words.ts';
import { contains, type Said, say, says } from '../case/said.ts';
import { targetSaid } from '../case/target-words.ts';
import type { CardContent } from '../ports/messenger.ts';
import { atMinute } from './asking-lines.ts';
import type { CardView, Show, Size } from './card-view.ts';
import { answeredLines, deedLines } from './deed-lines.ts';
import { namesAndMore } from './names.ts';
import { lasting, outcomeData } from './outcome-data.ts';
import { cleanText, plainText } from './plain-text.ts';
import { questionData } from './question-data.ts';
import { questionLine } from './question-line.ts';

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
/** As many as the field takes. */
const MOST_COMMENT = 500;
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

function weightOf({ data: { w: _, ...data } }: CardContent, { readers = [] }: CardView): number {
  const text = JSON.stringify(data);
  return Buffer.byteLength(text + JSON.stringify(readers)) + LINE_BYTES * text.split('{"text":').length;
}

function drawWith(about: Case, view: CardView, size: Size): CardContent {
  const { line, list } = size;
  const show: Show = (said, most = line) => plainText(view.write(said), Math.min(most, line));
  const asks = about.state === 'asking' && about.question !== null && view.mayAnswer && !view.superseded;
  const shared: JsonObject = {
    ref: about.ref,
    questionId: about.question?.id ?? '',
    notice: [...(view.notice ? [view.notice] : []), ...(asks ? newsLines(about) : [])]
      .map((said) => show(said))
      .join(' '),
    signInUrl: view.signInUrl ?? '',
    comment: cleanText(view.comment ?? '', MOST_COMMENT),
    // Short or not, the question itself must be understood.
    headline: questionLine(headline(about), Math.max(line, 200), view.write),
    severity: view.write(say(`ask.severity.${about.severity}`)),
    severityColor: severityColor(about),
    facts: factsOf(about, view, show),
    details: [
      ...about.facts.map((fact) => ({ title: show(fact.label, 40), value: show(fact.value) })),
      ...deedLines(about, show).rest,
      ...(view.forOperator ? troubleLines(about, show) : []),
    ].slice(0, list),
  };
  return asks
    ? { template: 'question', data: { ...shared, ...questionData(about, show, size, view) } }
    : { template: 'outcome', data: { ...shared, ...outcomeData(about, view, show, size) } };
}

/** What came of the answer before, and what is new since: that it came in since is said once. */
function newsLines(about: Case): readonly Said[] {
  const answered = answeredLines(about);
  const since = sinceLines(about);
  if (answered.length === 0) return since;
  return [...since.filter((line) => !says(line, 'ingest.expected-and-more')), ...answered];
}

/** Why there is a question again: what was approved had changed, could not be done, or only asked the person in question. */
const sinceLines = (about: Case): readonly Said[] =>
  lasting(about)
    .filter((line) => !about.question || !contains(about.question.reason, line))
    .slice(-MOST_SINCE);

/** The policy's question with the names filled in. */
export function headline(about: Case): Said {
  // A name that the caller chose is shown among the facts, never as the one who did it.
  const known = about.hint.kind === 'entra' ? about.hint.name : undefined;
  const subject = about.subject?.name ?? known ?? say('ask.somebody');
  const first = about.targets.find((target) => target.kind !== 'user') ?? about.targets[0];
  const target = first ? targetSaid(first) : about.title;
  const question = questionSaid(about.policy, { subject, target });
  return about.attempt ? say('ask.tried-and-refused', { question }) : question;
}

function factsOf(about: Case, view: CardView, show: Show): Json {
  const at = { ...atMinute(about.lastSeenAt), dated: true } as const;
  const when =
    about.seen > 1
      ? say('ask.when.again', { at, n: about.seen - 1, since: atMinute(about.firstSeenAt) })
      : say('ask.when', { at });
  const what = about.targets.filter((target) => target.kind !== 'user').map(targetSaid);
  const shown = namesAndMore(what, { most: 4, besides: about.moreTargets ?? 0, write: view.write });
  return [
    { title: show(say('ask.fact.what')), value: show(whatHappened(about)) },
    { title: show(say('ask.fact.who')), value: show(whoIsMeant(about)) },
    { title: show(say('ask.fact.when')), value: show(when) },
    ...(what.length > 0 ? [{ title: show(say('ask.fact.on')), value: show(shown) }] : []),
    ...statementLines(about, show),
    ...deedLines(about, show).first,
  ];
}

function whoIsMeant({ subject, hint }: Case): Said {
  if (subject) return `${subject.name} (${subject.userPrincipalName})`;
  return hint.kind === 'unknown'
    ? say('ask.not-known-for-certain', { reason: hint.reason })
    : (hint.name ?? hint.id);
}

/** What the person in question says themselves: never hidden among the details. */
function statementLines({ statements = [] }: Case, show: Show) {
  return statements.slice(-2).map(({ by, was, at, comment }) => {
    const said = say(was === 'me' ? 'ask.statement.me' : 'ask.statement.not-me', {
      name: by.name,
      at: atMinute(at),
    });
    return {
      title: show(say('ask.fact.they-say')),
      value: show(comment ? say('ask.statement.comment', { said, comment }) : said),
    };
  });
}

function troubleLines({ troubles = [] }: Case, show: Show) {
  return troubles.slice(-5).map(({ at, action, target, code, message, requestId }) => ({
    title: show(say('ask.failed', { at: atMinute(at) })),
    // The vendor's own words, for whoever reads them in the vendor's log as well.
    value: show(
      requestId
        ? say('govern.trouble-of-request', { action, target, code, message, request: requestId })
        : say('govern.trouble', { action, target, code, message }),
    ),
  }));
}

/** A CloudTrail title is the name of an API call, which stands among the technical details already. */
const whatHappened = (about: Case): Said =>
  about.sources.some((one) => one.source === 'graph') ? about.title : titleSaid(about.policy);

function severityColor(about: Case): string {
  if (about.severity === 'critical' || about.severity === 'high') return 'attention';
  return about.severity === 'medium' ? 'warning' : 'default';
}
