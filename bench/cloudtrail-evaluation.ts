// What it costs to read log files and evaluate every policy over them, beside unpacking and parsing the same files and nothing
// more, on one thread, in turns. What a match says about itself is worked out when it is printed, and is not part of it.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import type { Catalogue } from '../src/detect/compiled.ts';
import { loadPolicies } from '../src/detect/load-policies.ts';
import { ACTIONS } from '../src/govern/actions/index.ts';
import { loadCatalogue } from '../src/policy-files.ts';
import { replay } from '../src/replay/replay.ts';
import type { EventMaker } from './cloudtrail-events.ts';
import type { Print } from './figure.ts';

const ROUNDS = 7;
const CURVE = [60, 600, 6_000];
const CURVE_EVENTS = 4_000;

setFlagsFromString('--expose-gc');
/** Before each measurement: neither side is to clear away what the other has left. */
const collectGarbage = runInNewContext('gc') as () => void;

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

export function catalogueWith(ruleFolders: readonly string[]): Catalogue {
  const { catalogue, problems } = loadCatalogue({ ruleFolders, knownActions: [...ACTIONS.keys()] });
  if (problems.length > 0)
    throw new Error(`${problems.length} rules are refused: see countersign policies check`);
  return catalogue;
}

/** The least that any tool has to do; the output sized by the trailer, because a fixed size is slower. */
function parseAll(files: readonly string[]): number {
  let records = 0;
  for (const file of files) {
    const packed = readFileSync(file);
    const chunkSize = packed.readUInt32LE(packed.length - 4) + 1;
    const document = JSON.parse(gunzipSync(packed, { chunkSize }).toString()) as {
      Records: readonly object[];
    };
    records += document.Records.length;
  }
  return records;
}

async function replayAll(files: readonly string[], catalogue: Catalogue): Promise<number> {
  const { records, unreadable } = await replay(files, {
    catalogue,
    onMatch: () => undefined,
    onProblem: () => undefined,
  });
  if (unreadable > 0) throw new Error(`${unreadable} records were not read`);
  return records;
}

export async function measureEvaluation(
  figure: string,
  files: readonly string[],
  catalogue: Catalogue,
  print: Print,
): Promise<void> {
  const [parsing, replaying]: [number[], number[]] = [[], []];
  for (let round = -1; round < ROUNDS; round++) {
    collectGarbage();
    const started = performance.now();
    const parsed = parseAll(files);
    const parsedAt = performance.now();
    collectGarbage();
    const restarted = performance.now();
    const replayed = await replayAll(files, catalogue);
    const ended = performance.now();
    if (parsed !== replayed) throw new Error(`${replayed} of ${parsed} records were replayed`);
    // The first round is for the compiler.
    if (round < 0) continue;
    parsing.push(parsedAt - started);
    replaying.push(ended - restarted);
  }
  print(figure, median(replaying), 'ms', median(parsing));
}

/** What a parsed event costs with more and more rules, of which as many as before can match it; beside parsing it. */
export function measureCurve(make: EventMaker, print: Print): void {
  const texts = Array.from({ length: CURVE_EVENTS }, () => JSON.stringify(make()));
  const catalogues = CURVE.map((rules) => ({
    rules,
    catalogue: generatedRules(rules),
    times: [] as number[],
  }));
  const parsing: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const started = performance.now();
    const events = texts.map((text) => JSON.parse(text));
    if (round >= 0) parsing.push(performance.now() - started);
    for (const { catalogue, times } of catalogues) {
      const before = performance.now();
      for (const event of events) catalogue.evaluate('cloudtrail', event);
      if (round >= 0) times.push(performance.now() - before);
    }
  }
  const perEvent = (times: readonly number[]): number => (median(times) * 1e6) / CURVE_EVENTS;
  for (const { rules, times } of catalogues)
    print(`cloudtrail-rules-${rules}`, perEvent(times), 'ns', perEvent(parsing));
}

/** The first ones are about calls that occur. */
const CALLS = ['RunInstances', 'AttachRolePolicy', 'PutBucketPolicy', 'GetSecretValue', 'DescribeInstances'];

function generatedRules(count: number): Catalogue {
  const files = Array.from({ length: count }, (_, place) => ({
    name: `generated-${place}.yml`,
    outside: true,
    text: [
      `title: Generated rule ${place}`,
      'logsource:\n  product: aws\n  service: cloudtrail',
      'detection:\n  selection:',
      `    eventName: ${CALLS[place] ?? `Made${place}`}`,
      `    requestParameters.name|contains: part-${place}`,
      '  condition: selection',
      'level: low\n',
    ].join('\n'),
  }));
  const { catalogue, problems } = loadPolicies(files, { knownActions: [...ACTIONS.keys()] });
  const [first] = problems;
  if (first) throw new Error(`${first.file}: ${first.reason}`);
  return catalogue;
}
