// What a call threw, as our own error; anything else fails the test.
import assert from 'node:assert/strict';
import { type CountersignError, isCountersignError } from '../../src/case/errors.ts';

export async function failureOf(work: Promise<unknown>): Promise<CountersignError> {
  const error = await work.then(
    () => assert.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  assert.ok(isCountersignError(error), String(error));
  assert.notEqual(error.say, '');
  return error;
}
