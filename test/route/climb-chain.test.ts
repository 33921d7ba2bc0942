import assert from 'node:assert/strict';
import sinon from 'sinon';
import { CountersignError } from '../../src/case/errors.ts';
import type { UserId } from '../../src/case/ids.ts';
import type { Manager } from '../../src/ports/directory.ts';
import { climbChain } from '../../src/route/climb-chain.ts';

const user = (id: string): Manager => ({
  kind: 'user',
  user: {
    id: id as UserId,
    displayName: id,
    userPrincipalName: `${id}@contoso.example`,
    enabled: true,
    guest: false,
    synced: false,
  },
});
const contact: Manager = { kind: 'contact', displayName: 'outside' };
const directory = (managers: Readonly<Record<string, Manager>>) => ({
  managerOf: sinon.fake(async (id: UserId) => managers[id] ?? null),
});
const climb = async (managers: Readonly<Record<string, Manager>>) => {
  const people = directory(managers);
  const chain = await climbChain(people, 'a' as UserId);
  const names = chain.map((one) => (one.kind === 'user' ? one.user.id : one.displayName));
  return { names, asked: people.managerOf.callCount };
};

describe('The chain of managers', () => {
  for (const [what, managers, names, asked] of [
    ['ends at the top', { a: user('b'), b: user('c') }, ['b', 'c'], 3],
    ['is empty without a manager', {}, [], 1],
    ['ends at a contact', { a: user('b'), b: contact, outside: user('z') }, ['b', 'outside'], 2],
    ['ends where it comes back to the subject, and says so', { a: user('b'), b: user('a') }, ['b', 'a'], 2],
    ['is the subject alone who manages themselves', { a: user('a') }, ['a'], 1],
    ['ends where two people manage each other', { a: user('b'), b: user('c'), c: user('b') }, ['b', 'c'], 3],
    [
      'is read five levels up and no further',
      { a: user('b'), b: user('c'), c: user('d'), d: user('e'), e: user('f'), f: user('g') },
      ['b', 'c', 'd', 'e', 'f'],
      5,
    ],
  ] as const)
    it(what, async () => assert.deepEqual(await climb(managers), { names, asked }));

  it('passes on what the directory throws: half a chain would ask the wrong person', async () => {
    const managerOf = sinon.fake.rejects(
      new CountersignError('graph.throttled', 'slow down', { retryable: true }),
    );

    await assert.rejects(climbChain({ managerOf }, 'a' as UserId), {
      code: 'graph.throttled',
      retryable: true,
    });
  });
});
