// One measured figure, as `npm run bench` prints it.

export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** The same unit, measured in the same run: what `ratio` is over. */
  readonly reference: number;
  readonly ratio: number;
}

export type Print = (figure: string, value: number, unit: string, reference: number) => void;

const round = (value: number): number => Number(value.toPrecision(4));

export const printFigure: Print = (figure, value, unit, reference) => {
  const line: Figure = {
    figure,
    value: round(value),
    unit,
    reference: round(reference),
    ratio: round(value / reference),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
