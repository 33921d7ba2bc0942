// Where checkpoints go: an append-only record outside the database, so that whoever can rewrite the one cannot rewrite the other.
export interface CheckpointLog {
  /** Every line so far, oldest first, without line ends. */
  read(): Promise<{
    readonly lines: readonly string[];
    /** The last line has no line end: a crash (or somebody) cut it. */
    readonly torn: boolean;
  }>;
  /** One line. Durable once it resolves; never changes what was written before, a torn line included. */
  append(line: string): Promise<void>;
}
