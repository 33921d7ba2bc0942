// What a digest says: plain data for cards/digest.json. Pure; the adapter draws it. What is not drawn with its buttons is counted,
// never silently left out, and no button for all of them is about it.
import { isAtLeast, SEVERITIES, type Severity } from '../case/alert.ts';
import { type Alone, whyAlone } from '../case/answered-alone.ts';
import { SECURITY_READER } from '../case/ask-step.ts';
import type { Case } from '../case/case.ts';
import type { DigestId } from '../case/ids.ts';
import type { JsonObject } from '../case/json.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { asItStandsSentence } from '../case/voids.ts';
import type { DigestLine, Drawn } from '../ports/digests.ts';
import type { CardContent } from '../ports/messenger.ts';
import { atMinute } from './asking-lines.ts';
import { headline } from './card-data.ts';
import type { Takes } from './card-view.ts';
import { besideText, doesText } from './digest-deeds.ts';
import { isContained, isOpenFor, lineOutcome } from './digest-lines.ts';
import { cleanText, plainText } from './plain-text.ts';
import { questionLine } from './question-line.ts';
import { digestWords } from './template-words.ts';

/** On a phone nobody scrolls through more, and with their buttons more of them do not fit into a card. */
const MOST_LINES = 8;
/** A longer button is cut off, or runs out of the card, on a phone of 360 pixels. */
const TITLE = 30;
const MOST_LABEL = 200;
const NOTICE = 600;
/** As many as the field takes. */
const MOST_COMMENT = 500;
interface Size {
  readonly headline: number;
  readonly text: number;
}
/** A card must stay below 28 KB: what is around the questions is shortened before them, and they only where characters take many bytes. */
const SIZES: readonly Size[] = [
  { headline: 200, text: 320 },
  { headline: 200, text: 120 },
  { headline: 60, text: 60 },
];
const MOST_DATA_BYTES = 8 * 1024;

export interface DigestView {
  /** In the reader's language, with the times of their zone. */
  readonly write: (said: Said) => string;
  readonly notice?: Said;
  /** Our own page, where the reader signs in afresh before they press again. */
  readonly signInUrl?: string;
  /** What the reader had typed, where nothing came of it: it stands in the field again. */
  readonly comment?: string;
  isDryRun(about: Case): boolean;
  /** What an answer of the reader's would still take from others. */
  takes(about: Case): Takes;
  /** The case as its reader may see it. */
  shown(about: Case): Case;
}

/** What of it is drawn, and what the buttons for all of them are about. */
export interface Selection {
  readonly drawn: readonly DigestLine[];
  readonly open: readonly DigestLine[];
  /** Open, and not drawn for want of room. */
  readonly further: number;
  /** Settled, and not drawn for want of room. */
  readonly settled: number;
  readonly all: Drawn;
}

/** Undecided ones first, the most severe of them first; then what was settled, the latest first. */
export function selectLines(lines: readonly DigestLine[], reader: string): Selection {
  const isOpen = ({ about, questionId }: DigestLine): boolean => isOpenFor(about, questionId, reader);
  const open = lines.filter(isOpen).toSorted((a, b) => rank(b.about) - rank(a.about) || a.atMs - b.atMs);
  const settled = lines
    .filter((line) => !isOpen(line))
    .toSorted((a, b) => b.about.updatedAt.localeCompare(a.about.updatedAt));
  const drawn = [...open, ...settled].slice(0, MOST_LINES);
  const further = Math.max(0, open.length - MOST_LINES);
  const dismiss = drawn.filter((line) => isOpen(line) && whyAlone(line.about) === null);
  return {
    ...{ drawn, open, further },
    settled: lines.length - drawn.length - further,
    all: { dismiss: dismiss.map(idsOf), escalate: reader === SECURITY_READER ? [] : open.map(idsOf) },
  };
}

const rank = ({ severity }: { readonly severity: Severity }): number => SEVERITIES.indexOf(severity);
const idsOf = ({ about, questionId }: DigestLine) => ({ caseId: about.id, questionId });

/** `version` is what its buttons carry: which of the drawings was looked at. */
export function digestCard(
  id: DigestId,
  version: number,
  selection: Selection,
  reader: string,
  view: DigestView,
): CardContent {
  const cards = SIZES.map((size) => drawWith(id, version, selection, reader, view, size));
  const fits = (card: CardContent): boolean =>
    Buffer.byteLength(JSON.stringify({ ...card.data, w: '' })) <= MOST_DATA_BYTES;
  return cards.find(fits) ?? cards[cards.length - 1] ?? movedCard(view.write);
}

/** An earlier card of a digest that was sent anew. */
export const movedCard = (write: DigestView['write']): CardContent => ({
  template: 'digest',
  data: {
    ...{ digest: '', version: '', notice: '', headline: write(say('digest.moved')), intro: '' },
    ...{ lines: [], asks: false, further: '', dismissAll: '', escalateAll: '', excluded: '', commands: [] },
    ...{ signInUrl: '', commentLabel: '', comment: '', w: digestWords(write) },
  },
});

function drawWith(
  id: DigestId,
  version: number,
  { drawn, open, further, settled, all }: Selection,
  reader: string,
  view: DigestView,
  size: Size,
): CardContent {
  const isOpen = (line: DigestLine): boolean => open.includes(line);
  const alone = drawn.filter(isOpen).flatMap((line) => whyAlone(line.about) ?? []);
  const [dismissAll, escalateAll] = [all.dismiss.length, all.escalate.length];
  const { write } = view;
  return {
    template: 'digest',
    data: {
      digest: id,
      version: String(version),
      notice: plainText(write(view.notice ?? ''), NOTICE),
      headline: write(headlineOf(open.length, reader)),
      signInUrl: view.signInUrl ?? '',
      intro: open.length > 0 ? write(say('digest.intro')) : '',
      lines: drawn.map((line) => {
        const shown = { ...line, about: view.shown(line.about) };
        return isOpen(line) ? openLine(shown, view, size) : settledLine(shown, reader, view, size);
      }),
      asks: open.length > 0,
      further: [
        ...(further > 0 ? [write(furtherText(open.slice(-further)))] : []),
        ...(settled > 0 ? [write(say('digest.settled-more', { n: settled }))] : []),
      ].join(' '),
      dismissAll: dismissAll > 1 ? write(say('digest.dismiss-all', { n: dismissAll })) : '',
      escalateAll: escalateAll > 1 ? write(say('digest.escalate-all', { n: escalateAll })) : '',
      excluded: alone.length > 0 && dismissAll > 1 ? write(excludedText(alone)) : '',
      commentLabel: write(
        open.some(({ about }) => about.policy.asking?.comment === 'always')
          ? say('digest.comment.some')
          : say('ask.comment.optional'),
      ),
      comment: cleanText(view.comment ?? '', MOST_COMMENT),
      w: digestWords(write),
      commands: [
        ...(dismissAll > 1 ? [{ text: `digest dismiss ${version}` }] : []),
        ...(escalateAll > 1 ? [{ text: `digest escalate ${version}` }] : []),
      ],
    },
  };
}

const headlineOf = (n: number, reader: string): Said =>
  say('digest.headline', { n, whom: reader === SECURITY_READER ? 'security' : 'you' });

/** Not drawn, but never only counted: whoever wants to can look at each. */
const furtherText = (lines: readonly DigestLine[]): Said =>
  say('digest.further', { n: lines.length, refs: lines.map(({ about }) => about.ref).join(', ') });

function excludedText(alone: readonly Alone[]): Said {
  const [first, ...others] = alone;
  if (first && others.length === 0) return say('digest.excluded.one', { why: first });
  const counts = [...Map.groupBy(alone, (why) => why)];
  return say('digest.excluded.some', {
    counts: counts.map(([why, { length }]) => say('digest.excluded.count', { n: length, why })),
  });
}

const NO_BUTTONS = {
  ...{ expected: false, first: '', firstKey: '', style: 'default' },
  ...{ does: '', outcome: '', takes: '' },
};

/** That an answer takes more people than its reader, how many and why is said on the case's own card; and that what is shown is not held to. */
function takesText(about: Case, { takes, write }: DigestView): string {
  const { dismiss, offers } = takes(about);
  const first = about.question?.offers[0];
  const isHigh = isAtLeast(about.severity, 'high');
  const asItStands = asItStandsSentence(about);
  const lines = [
    ...(asItStands ? [asItStands] : []),
    ...(dismiss === '' ? [] : [say(isHigh ? 'digest.takes-two' : 'digest.takes-others')]),
    ...(first && offers[first.key] ? [say('digest.offer-takes-others', { label: first.label })] : []),
  ];
  return write(sentences(lines));
}

function openLine({ about, questionId }: DigestLine, view: DigestView, size: Size): JsonObject {
  if (isContained(about))
    return {
      ...NO_BUTTONS,
      ...sharedOf(about, view, size),
      ...{ open: true, ref: about.ref, questionId },
      outcome: view.write(say('digest.contained')),
    };
  const offer = about.question?.offers[0];
  const title = buttonTitle(view.write(offer?.label ?? ''), Math.min(TITLE, size.text));
  return {
    ...NO_BUTTONS,
    ...sharedOf(about, view, size),
    ...{ open: true, expected: true, ref: about.ref, questionId },
    takes: plainText(takesText(about, view), size.text),
    ...(offer && {
      first: title,
      firstKey: offer.key,
      style: offer.actions.every(({ nature }) => nature) ? 'default' : 'destructive',
      does: plainText(doesText(offer, title, { most: size.text, write: view.write }), size.text),
    }),
  };
}

const settledLine = (
  { about, questionId }: DigestLine,
  reader: string,
  view: DigestView,
  size: Size,
): JsonObject => ({
  ...NO_BUTTONS,
  ...sharedOf(about, view, size),
  ...{ open: false, ref: about.ref, questionId },
  outcome: plainText(view.write(lineOutcome(about, questionId, reader)), size.text),
});

const sharedOf = (about: Case, view: DigestView, { headline: most, text }: Size): JsonObject => ({
  headline: questionLine(headline(about), most, view.write),
  beside: plainText(view.write(besideText(about, view.write)), text),
  severity: view.write(say(`digest.severity.${about.severity}`)),
  color: COLORS[about.severity],
  // A date may start with what reads as the number of a list.
  meta: plainText(
    [
      say('ask.when', { at: atMinute(about.lastSeenAt) }),
      ...(about.seen > 1 ? [say('digest.times', { n: about.seen })] : []),
      say('digest.case', { ref: about.ref }),
      ...((about.question?.dryRun ?? view.isDryRun(about)) ? [say('digest.dry-run')] : []),
    ]
      .map(view.write)
      .join(' · '),
    200,
  ),
});

const COLORS: Readonly<Record<Severity, string>> = {
  critical: 'attention',
  high: 'attention',
  medium: 'warning',
  low: 'default',
  informational: 'default',
};

/** The first words of a long one: the sentence above the button begins with all of it. */
function buttonTitle(label: string, most: number): string {
  const whole = cleanText(label, MOST_LABEL);
  if (cleanText(whole, most) === whole) return whole;
  return `${cleanText(whole, most).replace(/\s+\S*$/u, '')}…`;
}
