// Makes hostile text safe to show in a card: what comes out reads as plain words and is never markup, a link or a mention.
// Pure. For TextBlock and FactSet, which render markdown; a button's title does not, and shows the escapes.

const ELLIPSIS = '…';
/** Invisible, and no part of any URL: it breaks one that a client would otherwise find by itself. */
const BREAK = '\u200B';

/** Invisible or direction-changing: fillers, joiners, overrides, tags, variation selectors, private use, the blank Braille cell. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Co}\u2800]/gu;
const CONTROL = /\p{Cc}/gu;
/** French has a space before these, and inside its quotation marks, at which no line may break. */
const FRENCH_GAP = /(?<=«) | (?=[:;?!»](?:\s|$|[.,)]))/gu;
/** Accents stacked higher than any language does: they cover the lines around them. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

const URL_TOKEN = /(?:[a-z][a-z0-9+.-]{0,31}:[/\\]{2}|www\.)[^\s]*/gi;
const OPAQUE_SCHEME =
  /\b(mailto|tel|sms|callto|sip|javascript|vbscript|data|file|skype|msteams|ms-[a-z-]{1,32}):/gi;
/** A bare host name: linkifiers know country codes and the common top-level domains. */
const BARE_DOMAIN =
  /(?<=[\p{L}\p{N}_-])\.(?=(?:\p{L}{2}|com|net|org|edu|gov|mil|int|biz|info|name|pro|web|xxx|aero|asia|coop|museum|shop|store|app|dev|zip|mov|xyz|top|site|online|cloud|link|click|live|page|club|work|tech|xn--[a-z0-9-]{2,59})(?![\p{L}\p{N}_]))/giu;

/** An e-mail address, whatever its domain: it would become a mailto link. */
const AT_SIGN = /(?<=[^\s@])@(?=[^\s@])/g;

const MARKUP = /[\\`*_[\]<>{}~|]/g;
const ENTITY = /&(?=#?[a-z0-9]{1,31};)/gi;
/** Headings, lists, rules and quotes only start at the beginning of a text. */
const LINE_START = /^(?:[#+=-]|(\d{1,9})(?=[.)](?:\s|$)))/;

/**
 * `text` without control, bidirectional and zero-width characters, on one line, cut to `maxLength` code points (the last
 * one an ellipsis), with markdown escaped by backslashes and links, mentions and `{{DATE(...)}}` functions broken.
 */
export function plainText(text: string, maxLength: number): string {
  return escapeMarkup(cleanText(text, maxLength));
}

/** The same without the escapes, for a button's title, which renders no markdown. */
export function cleanText(text: string, maxLength: number): string {
  const visible = text
    .toWellFormed()
    .replace(CONTROL, ' ')
    .replace(INVISIBLE, '')
    .replace(STACKED_MARKS, '$1')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(FRENCH_GAP, '\u00A0');
  return cut(visible, maxLength);
}

function cut(text: string, maxLength: number): string {
  const points = [...text.slice(0, (maxLength + 1) * 2)];
  if (points.length <= maxLength) return text;
  return maxLength < 1 ? '' : `${points.slice(0, maxLength - 1).join('')}${ELLIPSIS}`;
}

function escapeMarkup(text: string): string {
  return text
    .replace(MARKUP, '\\$&')
    .replace(ENTITY, '\\&')
    .replace(LINE_START, (start, digits?: string) => (digits ? `${digits}\\` : `\\${start}`))
    .replace(URL_TOKEN, breakUrl)
    .replace(OPAQUE_SCHEME, `$1${BREAK}:`)
    .replace(BARE_DOMAIN, '\\.')
    .replace(AT_SIGN, '\\@');
}

/** Every dot and the scheme's colon, so that no part of it is taken for a link of its own. */
const breakUrl = (url: string): string => url.replaceAll('.', `${BREAK}.`).replace(/:(?=[/\\])/, `${BREAK}:`);
