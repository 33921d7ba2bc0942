// Time and randomness from the machine.
import { randomBytes, randomUUID } from 'node:crypto';
import type { CaseId, CopyId, QuestionId, RunId } from '../case/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';

export const systemClock: Clock = { now: () => Date.now() };

// Crockford's alphabet: nothing that reads like something else, 32 characters, so a byte's low five bits pick one evenly.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const REF_LENGTH = 8;
const EXCEPTION_LENGTH = 6;

const letters = (length: number): string =>
  [...randomBytes(length)].map((byte) => ALPHABET[byte & 31]).join('');

export const randomIds: Ids = {
  caseId: () => randomUUID() as CaseId,
  caseRef: () => letters(REF_LENGTH),
  exceptionId: () => letters(EXCEPTION_LENGTH),
  questionId: () => randomUUID() as QuestionId,
  runId: () => randomUUID() as RunId,
  copyId: () => randomUUID() as CopyId,
  nonce: () => randomBytes(16).toString('hex'),
};
