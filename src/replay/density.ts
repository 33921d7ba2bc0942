// Whether to walk records or to parse them all: where most have to be parsed anyway, walking them first is lost time. Keeps what
// it has seen from file to file, and looks again now and then.

export interface Density {
  /** A record was walked. */
  walked(isCandidate: boolean): void;
  /** So many records were parsed without a look. */
  parsed(records: number): void;
  readonly isDense: boolean;
}

/** Walking costs about a third of parsing: it pays while more than that share of the records need no parsing. */
const DENSE_SHARE = 0.6;
const FIRST_SAMPLE = 64;
const SAMPLE = 32;
const SAMPLE_EVERY = 4_000;

export function createDensity(): Density {
  let share = 0;
  let walks = 0;
  let sampleLeft = FIRST_SAMPLE;
  let unseen = 0;
  return {
    walked(isCandidate) {
      walks++;
      sampleLeft--;
      share += (Number(isCandidate) - share) / Math.min(walks, FIRST_SAMPLE);
    },
    parsed(records) {
      unseen += records;
      if (unseen < SAMPLE_EVERY) return;
      unseen = 0;
      sampleLeft = SAMPLE;
    },
    get isDense() {
      return sampleLeft <= 0 && share > DENSE_SHARE;
    },
  };
}
