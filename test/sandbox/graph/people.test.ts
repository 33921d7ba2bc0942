import assert from 'node:assert/strict';
import { parseUserId } from '../../../src/case/ids.ts';
import {
  chatIdOf,
  findPerson,
  PEOPLE,
  type Person,
  PLAYED_MANAGER,
  people,
  SECURITY_TEAM,
} from '../../../src/sandbox/people.ts';

function managerOf(person: Person): Person | null {
  return person.manager?.kind === 'user' ? findPerson(person.manager.id) : null;
}

describe('the people of contoso.example', () => {
  it('have ids, names and Teams ids of their own', () => {
    for (const key of ['id', 'userPrincipalName', 'displayName', 'teamsId'] as const)
      assert.equal(new Set(PEOPLE.map((one) => one[key])).size, PEOPLE.length, key);
    assert.ok(PEOPLE.length >= 12);
    for (const one of PEOPLE) assert.equal(parseUserId(one.id), one.id);
  });

  it('hold a chain of three managers above Alex, the first of them played by the Teams client', () => {
    const chain: Person[] = [];
    for (let next = managerOf(people.alex); next; next = managerOf(next)) chain.push(next);

    assert.deepEqual(chain, [people.morgan, people.priya, people.dana]);
    assert.equal(PLAYED_MANAGER, people.morgan);
  });

  it('hold every awkward case that routing must survive', () => {
    assert.equal(people.sam.manager, null);
    assert.equal(people.kai.manager?.kind, 'contact');
    assert.equal(managerOf(people.mia)?.accountEnabled, false);
    assert.equal(managerOf(people.ines)?.userType, 'Guest');
    assert.equal(managerOf(people.chloe)?.installable, false);
    assert.equal(managerOf(people.lee), people.jonas);
    assert.equal(people.grace.onPremisesSyncEnabled, true);
    assert.ok(people.ravi.memberOf.some((one) => one.kind === 'directoryRole'));
    assert.ok(people.hana.memberOf.some((one) => one.isAssignableToRole));
    assert.equal(SECURITY_TEAM.length, 2);
  });

  it('name only managers who exist', () => {
    for (const one of PEOPLE) if (one.manager?.kind === 'user') assert.ok(managerOf(one), one.displayName);
  });

  it('are found by id and by principal name, in any letter case', () => {
    assert.equal(findPerson('ALEX.WEBER@contoso.example'), people.alex);
    assert.equal(findPerson(people.tom.userPrincipalName), people.tom);
    assert.equal(findPerson('nobody@contoso.example'), null);
    assert.match(chatIdOf(people.morgan), /^19:f1513bf9-.*@unq\.gbl\.spaces$/);
  });
});
