// Structured logs: a static message plus an object; never a card body, a token or a raw event.
type Write = (facts: Readonly<Record<string, unknown>>, message: string) => void;

export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
