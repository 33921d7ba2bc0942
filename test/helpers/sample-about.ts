// A sample detection as if somebody else had done it: the sandbox's are nearly all of Alex Weber.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Person, people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { refOf, type TestWorld } from './world.ts';

/** Sent to its door as its own sender would; answers the case's reference. */
export async function sendAbout(world: TestWorld, sample: string, subject: Person): Promise<string> {
  const { door, build } = SAMPLES[sample] ?? assert.fail(sample);
  const { alex } = people;
  const text = JSON.stringify(build(new Date(world.clock.now()), randomUUID()))
    .replaceAll(alex.id, subject.id)
    .replaceAll(alex.userPrincipalName, subject.userPrincipalName)
    .replaceAll(alex.displayName, subject.displayName);
  const [body, headers] =
    door === 'graph'
      ? [world.sandbox.graph.addAlert(JSON.parse(text)), { authorization: `Bearer ${await world.token()}` }]
      : [text, { 'x-countersign-key': world.running.cloudtrailKey }];
  const response = await world.post(`/api/alerts/${door}`, body, headers);
  return refOf({ sample, status: response.status, answer: await response.json() });
}
