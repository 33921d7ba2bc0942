// How the readers of the sample cards see them, and what they say of them.
import type { CardView, Takes } from '../../src/ask/card-view.ts';
import { DEFAULT_ASKING, DEFAULT_ASKING_SETTINGS } from '../../src/case/asking.ts';
import type { Case, Decision } from '../../src/case/case.ts';
import { say } from '../../src/case/said.ts';
import { sentences } from '../../src/case/sentences.ts';
import { MORGAN, QUESTION, sample } from './sample-case.ts';
import { NOW, type Write, ZONE } from './writer.ts';

export type ViewOver = Partial<Omit<CardView, 'write'>>;

export const view = (write: Write, over: ViewOver = {}): CardView => ({
  write,
  timeZone: ZONE,
  now: NOW,
  longestMs: DEFAULT_ASKING_SETTINGS.longestMs,
  mayAnswer: true,
  mayUndo: false,
  undoForMs: 30 * 86_400_000,
  ...over,
});

export const HIGH = sentences([say('decide.more-people', { missing: 1 }), say('decide.takes-two-high')]);

export const taking = (over: Partial<Takes>): Takes => ({
  ...{ dismiss: '', keep: '', undo: '', offers: {}, some: true },
  ...over,
});

export const decided = (over: Partial<Decision> = {}): Decision => ({
  verb: 'approve',
  offer: 'make-private',
  by: MORGAN,
  at: '2026-11-21T09:42:00.000Z',
  comment: 'Not agreed with anybody',
  ...over,
});

export const asked = (over: Partial<typeof QUESTION>, about: Partial<Case> = {}): Case =>
  sample({ question: { ...QUESTION, ...over }, ...about });

export const asking = (over: Partial<typeof DEFAULT_ASKING>): Pick<Case, 'policy'> => ({
  policy: { ...sample().policy, asking: { ...DEFAULT_ASKING, ...over } },
});
