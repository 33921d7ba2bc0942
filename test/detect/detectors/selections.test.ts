// A detector judges only what its policy selects: the two lists of calls must be one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { PUBLISHING_CALLS } from '../../../src/detect/detectors/resource-made-public.ts';
import { S3_CALLS } from '../../../src/detect/detectors/s3-made-public.ts';

const names = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const selection = z.strictObject({ eventSource: z.string().optional(), eventName: names });
const ruleSchema = z.looseObject({
  detection: z.strictObject({
    selection: z.union([selection, z.array(selection)]).transform((value) => [value].flat()),
    condition: z.literal('selection'),
  }),
});
const callsOf = (policy: string): readonly string[] => {
  const text = readFileSync(join(import.meta.dirname, `../../../policies/${policy}.yml`), 'utf8');
  return ruleSchema
    .parse(parse(text))
    .detection.selection.flatMap(({ eventSource, eventName }) =>
      eventName.map((name) => `${eventSource?.replace(/\.amazonaws\.com$/, '') ?? '*'}:${name}`),
    )
    .sort();
};

describe('The policies of detectors', () => {
  it('select exactly the calls that resource-made-public judges', () => {
    assert.deepEqual(callsOf('aws-resource-public'), PUBLISHING_CALLS);
  });

  it('select exactly the calls that s3-made-public judges', () => {
    assert.deepEqual(
      callsOf('aws-s3-bucket-public'),
      S3_CALLS.map((name) => `s3:${name}`),
    );
  });
});
