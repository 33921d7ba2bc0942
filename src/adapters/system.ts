// Time and randomness from the machine.
import { randomBytes, randomUUID } from 'node:crypto';
import type { CaseId, CopyId, QuestionId, RunId } from '../case/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';

export const systemClock: Clock = { now: () => Date.now() };

// Crockford's alphabet: nothing that reads like something else, 32 characters, so a byte's low five bits pick one evenly.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const REF_LENGTH = 8;

export const randomIds: Ids = {
  caseId: () => randomUUID() as CaseId,
  caseRef: () => [...randomBytes(REF_LENGTH)].map((byte) => ALPHABET[byte & 31]).join(''),
  questionId: () => randomUUID() as QuestionId,
  runId: () => randomUUID() as RunId,
  copyId: () => randomUUID() as CopyId,
  nonce: () => randomBytes(16).toString('hex'),
};
