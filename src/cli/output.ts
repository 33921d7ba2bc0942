// What a command says: answers on stdout, one JSON object a line where asked; everything else on stderr.
import { jsonLine } from './shown.ts';

/** What is in an object may be anybody's words: nothing of it reaches a terminal or a log as it is. */
export function print(line: string | object): void {
  process.stdout.write(`${typeof line === 'string' ? line : jsonLine(line)}\n`);
}

export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage. The process ends by itself once nothing is open any more. */
export function fail(reason: string, code: 1 | 2): void {
  note(`countersign: ${reason}`);
  process.exitCode = code;
}

/** Whoever reads may stop early (`countersign audit export | head -1`): then the command ends at once and without a word. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') fail(`cannot write the answer: ${error.message}`, 1);
    process.exit();
  });
}
