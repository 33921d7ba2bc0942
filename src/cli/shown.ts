// Text from events and from rules of others, made safe to print: a terminal must not obey it, nor a log be forged by it.

/** Controls, line breaks, direction changes, private and unassigned characters, lone surrogates: all that is not ink or a space. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
const MAX_CHARACTERS = 500;

/** One line: what cannot be printed as `\u{1b}`, cut to 500 characters. */
export function shown(text: string): string {
  const points = [...text.slice(0, (MAX_CHARACTERS + 1) * 2)];
  const cut = points.length > MAX_CHARACTERS ? `${points.slice(0, MAX_CHARACTERS - 1).join('')}…` : text;
  return printable(cut);
}

/** The same without a cut. */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);

/** The same value as JSON on one line, with every unprintable character as a JSON escape. */
export const jsonLine = (value: object): string =>
  JSON.stringify(value).replace(UNPRINTABLE, (one) =>
    [...Array(one.length).keys()]
      .map((at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
