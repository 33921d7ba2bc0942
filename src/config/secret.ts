// A text that must not end up in a log, an error or an answer.
import { inspect } from 'node:util';

/** Prints as `[redacted]` wherever it lands; only `reveal` gives the text. */
export class Secret {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  reveal(): string {
    return this.#text;
  }
  toString(): string {
    return '[redacted]';
  }
  toJSON(): string {
    return '[redacted]';
  }
  [inspect.custom](): string {
    return '[redacted]';
  }
}
