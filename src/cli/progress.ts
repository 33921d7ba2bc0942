// A bar on stderr for work that takes a while, for people only: nothing where stderr is no terminal.

export interface Progress {
  /** `share` of the work from 0 to 1. */
  show(share: number, text: string): void;
  /** Takes the bar away, so that a line can be printed in its place. */
  clear(): void;
}

const WIDTH = 24;
/** Faster than people read is only slower. */
const EVERY_MS = 100;

export function createProgress(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    show(share, text) {
      if (!stream.isTTY || now() - shownAt < EVERY_MS) return;
      shownAt = now();
      isShown = true;
      const done = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
      const bar = `[${'#'.repeat(done)}${'.'.repeat(WIDTH - done)}] ${text}`;
      stream.write(`\r${bar.slice(0, (stream.columns || 80) - 1)}\x1b[K`);
    },
    clear() {
      if (isShown) stream.write('\r\x1b[K');
      isShown = false;
      shownAt = Number.NEGATIVE_INFINITY;
    },
  };
}
