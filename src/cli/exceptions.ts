// `countersign exceptions`: what asks nobody for now, a line each, newest first.
import { Command } from 'commander';
import { systemClock } from '../adapters/system.ts';
import { type Exception, saidBy } from '../case/exception.ts';
import type { Written } from '../case/written.ts';
import { isoTime } from '../ports/clock.ts';
import { createEnglish } from './in-english.ts';
import { withStore } from './open-store.ts';
import { print } from './output.ts';
import { printable } from './shown.ts';

export const createExceptionsCommand = (): Command =>
  new Command('exceptions')
    .description('list what asks nobody for now: expected until a date, or kept quiet')
    .option('--json', 'one JSON object a line')
    .action(async (options: { json?: boolean }) =>
      withStore(async (store) => {
        const inEnglish = createEnglish();
        for (const one of await store.exceptionsInForce(isoTime(systemClock)))
          print(options.json ? lineOf(inEnglish(one)) : textOf(inEnglish(one)));
      }),
    );

/** What it looks at, in full; the keys of deeds say nothing to anybody. */
const lineOf = (one: Written<Exception>): object => ({
  exception: one.id,
  kind: one.kind,
  policies: one.policies ?? null,
  subjects: one.subjects ?? null,
  targets: one.targets ?? null,
  says: one.says,
  upTo: one.upTo,
  attemptsOnly: one.attemptsOnly ?? false,
  by: one.by.name,
  saidBy: saidBy(one),
  at: one.at,
  until: one.until,
  comment: one.comment ?? null,
  caseId: one.caseId ?? null,
  held: one.held,
  lastAt: one.lastAt ?? null,
});

const textOf = (one: Written<Exception>): string =>
  printable(
    [
      one.id,
      one.kind.padEnd(8),
      `until ${one.until.slice(0, 16)}`,
      `up to ${one.upTo}`,
      `held back ${one.held}`,
      one.says,
      `by ${saidBy(one).join(' and ')}`,
    ].join('  '),
  );
