// The words that Countersign comes with.
import path from 'node:path';
import type { Words } from '../../ports/words.ts';
import { createWords } from './index.ts';

/** Reads `words/`; throws where a file there cannot be read. */
export const bundledWords = (): Words =>
  createWords({ folder: path.join(import.meta.dirname, '../../../words') });
