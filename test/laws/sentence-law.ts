// Which texts in a source file are sentences: those belong in words/, where every language has them. A small reader of TypeScript,
// which knows strings, templates, comments and expressions, and what call and which property a text stands in.

export interface Sentence {
  readonly file: string;
  readonly line: number;
  /** What a template fills in is `…`. */
  readonly text: string;
}

/** Where one text is no sentence for a reader. An exception that nothing needs is a finding itself. */
export interface Exception {
  /** Relative to src. */
  readonly file: string;
  /** Which texts of it; without it, all. */
  readonly text?: RegExp;
  readonly because: string;
}

/** Which argument of a call is for the operator: the message of an error, and what is logged. */
const FOR_OPERATORS: readonly (readonly [call: RegExp, argument: number])[] = [
  [/^(?:CountersignError|ClaimRefused)$/, 1],
  [/^(?:Type|Range)?Error$/, 0],
  // Makes the error that whoever sent an alert gets back.
  [/^malformed$/, 1],
  [/(?:^|\.)log\.\w+$/, 1],
];
/** Properties for operators and docs: what an action needs to be set up, and how a command is typed. */
const PROPERTIES: ReadonlySet<string> = new Set(['needs', 'usage']);
const FEWEST_WORDS = 3;

/** At least three lower-case words of two letters or more, and a space. */
export const isSentence = (text: string): boolean =>
  /\S\s+\S/.test(text) &&
  text
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''))
    .filter((word) => /^\p{Ll}{2,}(?:['’-]\p{Ll}+)*$/u.test(word)).length >= FEWEST_WORDS;

interface Frame {
  /** What is called; empty where nothing is. */
  readonly call: string;
  /** The property whose value this is. */
  readonly property: string;
  argument: number;
}

interface Literal {
  readonly text: string;
  readonly at: number;
  /** From the outermost to the innermost, as they were there. */
  readonly frames: readonly Frame[];
  readonly property: string;
}

const BEFORE_EXPRESSION =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|yield|await|else|throw))\s*$/;
const propertyBefore = (code: string): string => /(\w+)\s*:\s*$/.exec(code)?.[1] ?? '';

/** Every string and template, and what they stand in. */
function literalsOf(source: string): readonly Literal[] {
  const found: Literal[] = [];
  let at = 0;

  const push = (text: string, from: number, frames: readonly Frame[], code: string): void => {
    const property = propertyBefore(code);
    found.push({ text, at: from, frames: frames.map((frame) => ({ ...frame })), property });
  };

  function quoted(quote: string): string {
    const from = ++at;
    while (at < source.length && source[at] !== quote) at += source[at] === '\\' ? 2 : 1;
    return source.slice(from, at++);
  }

  function template(frames: readonly Frame[], code: string): void {
    const from = at++;
    let text = '';
    while (at < source.length && source[at] !== '`') {
      if (source.startsWith('${', at)) {
        at += 2;
        read([...frames], '}');
        text += '…';
      } else if (source[at] === '\\') {
        text += source.slice(at, at + 2);
        at += 2;
      } else text += source[at++];
    }
    at++;
    push(text, from, frames, code);
  }

  function expression(): void {
    let isInClass = false;
    for (at++; at < source.length && (isInClass || source[at] !== '/'); at++) {
      if (source[at] === '\\') at++;
      else if (source[at] === '[') isInClass = true;
      else if (source[at] === ']') isInClass = false;
    }
    at++;
  }

  /** Until the bracket that closes it; texts and comments leave only a mark in `code`. */
  function read(frames: Frame[], end: string): void {
    const depth = frames.length;
    let code = '';
    while (at < source.length) {
      const char = source[at] ?? '';
      if (char === end && frames.length === depth) {
        at++;
        return;
      }
      if (source.startsWith('//', at)) at = indexOr(source.indexOf('\n', at));
      else if (source.startsWith('/*', at)) at = indexOr(source.indexOf('*/', at)) + 2;
      else if (char === "'" || char === '"') {
        const from = at;
        push(quoted(char), from, frames, code);
        code += '""';
      } else if (char === '`') {
        template(frames, code);
        code += '""';
      } else if (char === '/' && BEFORE_EXPRESSION.test(code)) {
        expression();
        code += '""';
      } else {
        if ('([{'.includes(char)) frames.push(frameOf(char, code));
        else if (')]}'.includes(char)) frames.pop();
        else if (char === ',') countArgument(frames);
        code += char;
        at++;
      }
    }
  }
  const indexOr = (index: number): number => (index < 0 ? source.length : index);

  read([], '');
  return found;
}

const frameOf = (bracket: string, code: string): Frame => ({
  call: bracket === '(' ? (/([\w.?]+)(?:<[^()]*>)?$/.exec(code)?.[1] ?? '').replaceAll('?', '') : '',
  property: propertyBefore(code),
  argument: 0,
});

function countArgument(frames: readonly Frame[]): void {
  const innermost = frames.at(-1);
  if (innermost) innermost.argument++;
}

function isForOperators({ frames, property }: Literal): boolean {
  if (PROPERTIES.has(property) || frames.some((frame) => PROPERTIES.has(frame.property))) return true;
  const innermost = frames.at(-1);
  return FOR_OPERATORS.some(
    ([call, argument]) => innermost?.argument === argument && call.test(innermost.call),
  );
}

/** What of one file is neither in words/ nor for operators alone. */
export const sentencesOf = (file: string, source: string): readonly Sentence[] =>
  literalsOf(source)
    .filter((literal) => isSentence(literal.text) && !isForOperators(literal))
    .map(({ text, at }) => ({ file, line: source.slice(0, at).split('\n').length, text }));

/** What breaks the law, one line each. `files` maps paths relative to src to their text. */
export function checkSentences(
  files: ReadonlyMap<string, string>,
  exceptions: readonly Exception[],
): readonly string[] {
  const found = [...files].flatMap(([file, source]) => sentencesOf(file, source));
  const covers = (exception: Exception, { file, text }: Sentence): boolean =>
    exception.file === file && (exception.text?.test(text) ?? true);
  const open = found.filter((one) => !exceptions.some((exception) => covers(exception, one)));
  const idle = exceptions.filter((exception) => !found.some((one) => covers(exception, one)));
  return [
    ...open.map(
      ({ file, line, text }) => `src/${file}:${line} says "${text}": let it say() a message of words/`,
    ),
    ...idle.map(({ file, because }) => `src/${file} no longer needs its exception (${because}): take it out`),
  ];
}
