import assert from 'node:assert/strict';
import { isCountersignError } from '../../../src/case/errors.ts';
import type { Language } from '../../../src/case/languages.ts';
import { targetKey } from '../../../src/case/target.ts';
import { attachDeny } from '../../../src/govern/actions/attach-deny.ts';
import { detachDeny } from '../../../src/govern/actions/detach-deny.ts';
import { inLanguage } from '../../helpers/english.ts';
import {
  type AwsSite,
  aims,
  alex,
  createAwsSite,
  denyBy,
  deploy,
  FOREIGN,
  inlineOf,
  key,
  REF,
  session,
  setInline,
} from './aws-site.ts';
import { offered, reasonOf, tryOut } from './scene.ts';

const NAME = 'CountersignDeny';
const OURS = denyBy(`Countersign${REF}`);
const OTHERS = denyBy('Countersign0TH3RCAS');
const isInTheWay = (error: unknown): boolean =>
  isCountersignError(error) && error.code === 'govern.policy-in-the-way' && !error.retryable;

const isAnother = (error: unknown): boolean =>
  isCountersignError(error) && error.code === 'govern.another-principal' && !error.retryable;
/** Whoever had the name is gone. */
function makeAnew({ state }: AwsSite, uniqueId: string): void {
  const known = state.principals.get(targetKey(alex));
  assert.ok(known);
  state.principals.set(targetKey(alex), { ...known, uniqueId });
}

describe('denying everything in AWS', () => {
  const setUp = (target: typeof alex | typeof deploy = alex) => {
    const site = createAwsSite();
    return { site, on: tryOut(attachDeny, target, site) };
  };

  it('acts on the users and roles who called, not on those that they gave something to', async () => {
    const { world } = setUp().site;

    assert.deepEqual(await attachDeny.find(aims([key, alex, session], [deploy]), world), [alex]);
  });

  it('acts on those that a call gave something to where nobody is known who called: root made a user', async () => {
    const { world } = setUp().site;

    assert.deepEqual(await attachDeny.find(aims([], [alex, deploy, alex]), world), [alex, deploy]);
    assert.deepEqual(await attachDeny.find({ subject: null, targets: [] }, world), []);
  });

  it('never acts on what somebody of IAM Identity Center changed: the role stays, and they are shut out elsewhere', async () => {
    const { world } = setUp().site;

    assert.deepEqual(await attachDeny.find(aims([session], [alex, deploy]), world), []);
  });

  it('says whom it shuts out, and last, for those who know AWS, that an explicit deny beats every allow', async () => {
    assert.deepEqual(offered(await setUp().on.plan()).says, [
      'Denies everything to the IAM user alex: in the console, and with every access key.',
      'Whoever holds other identities too (another user, a role) is shut out of this user only.',
      'Sessions of roles that alex has begun go on until they expire.',
      'All of AWS knows within seconds as a rule, and within minutes at worst.',
      'For the security team: it is an inline policy called CountersignDeny; everything else stays as it is. An explicit deny beats every allow.',
    ]);
  });

  it('is decided about one user: somebody made anew under the same name is another one', async () => {
    const { site, on } = setUp();
    makeAnew(site, 'AIDAFIRST');
    const shown = offered(await on.plan());
    makeAnew(site, 'AIDASECOND');

    const later = offered(await on.plan());

    assert.deepEqual(later.says, shown.says);
    assert.notDeepEqual(later.basis, shown.basis);
  });

  it('looks again before it writes: a try after a pause leaves another user of the same name alone', async () => {
    const { site, on } = setUp();
    makeAnew(site, 'AIDAFIRST');
    const before = await on.read();
    makeAnew(site, 'AIDASECOND');

    await assert.rejects(on.execute(before), isAnother);

    assert.equal(inlineOf(site, alex, NAME), null);
    assert.match((await on.verify(before)).says, /another one has that name by now/);
  });

  it('is not undone for another user of the same name, and says so', async () => {
    const { site, on } = setUp();
    makeAnew(site, 'AIDAFIRST');
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    site.state.inlinePolicies.clear();
    makeAnew(site, 'AIDASECOND');
    const now = await on.read();

    assert.equal(on.differences(before, after, now)?.[0]?.now, 'gone, another one has that name by now');
    assert.equal(on.differences(before, before, now)?.length, 1);
    assert.equal(
      on.gone(before, now),
      'The user alex is not the one that this was about: another one has that name by now.',
    );
    assert.equal((await on.verifyRevert(before, after)).kind, 'not-done');
  });

  it('says that a role may be shared', async () => {
    const says = offered(await setUp(deploy).on.plan()).says.join(' ');

    assert.match(says, /to everybody and every program that uses the role Deploy.*may be shared by many/);
    assert.match(says, /shut out of this role only/);
    assert.match(says, /Sessions of other roles that were begun with it go on until they expire\./);
  });

  it('is refused in the language of whoever reads it, with the grammar of users and of roles', async () => {
    const reasonIn = async (language: Language, target: typeof alex | typeof deploy): Promise<string> => {
      const { site, on } = setUp(target);
      setInline(site, target, NAME, OTHERS);
      const plan = attachDeny.plan(target, await on.read(), site.settings);
      assert.equal(plan.kind, 'refused');
      return inLanguage(language, plan.reason);
    };

    assert.equal(
      await reasonIn('de', alex),
      'Dem Benutzer alex wird bereits alles verweigert, durch Vorgang 0TH3RCAS.',
    );
    assert.equal(
      await reasonIn('de', deploy),
      'Der Rolle Deploy wird bereits alles verweigert, durch Vorgang 0TH3RCAS.',
    );
    assert.equal(
      await reasonIn('fr', alex),
      'Tout est déjà refusé à l’utilisateur alex, par le dossier 0TH3RCAS.',
    );
    assert.equal(await reasonIn('es', deploy), 'Ya se deniega todo al rol Deploy, por el caso 0TH3RCAS.');
  });

  it('is refused where another case denies everything already, and for a policy that is not ours', async () => {
    const { site, on } = setUp();
    setInline(site, alex, NAME, OTHERS);
    assert.equal(
      reasonOf(await on.plan()),
      'Everything is denied to the user alex already, by case 0TH3RCAS.',
    );

    for (const policy of [
      FOREIGN,
      denyBy('Countersign0TH3RCAS', { Bool: { 'aws:SecureTransport': 'false' } }),
    ]) {
      setInline(site, alex, NAME, policy);
      assert.match(
        reasonOf(await on.plan()),
        /has a policy called CountersignDeny that Countersign did not write/,
      );
    }
  });

  it('writes one deny of everything with the case in it, once, and reads it back', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    assert.equal((await on.verify(before)).kind, 'not-yet');

    await on.execute(before);
    await on.execute(before);

    assert.deepEqual(inlineOf(site, alex, NAME), OURS);
    assert.deepEqual(site.done, { 'inline-put': 1 });
    assert.deepEqual(on.noted, ['inline-put-1']);
    assert.deepEqual(await on.verify(before), {
      kind: 'took-effect',
      says: 'Everything is denied to the user alex: read back from its policy CountersignDeny.',
    });
  });

  it('is never proven by another policy of that name, nor written over it', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    setInline(site, alex, NAME, FOREIGN);

    assert.equal((await on.verify(before)).kind, 'not-yet');
    await assert.rejects(on.execute(before), isInTheWay);
    assert.deepEqual(inlineOf(site, alex, NAME), FOREIGN);
  });

  it('is not proven for a user who is gone', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    site.state.principals.clear();

    assert.deepEqual(await on.verify(before), {
      kind: 'not-done',
      says: 'There is no user alex in the AWS account 123456789012; a renamed user keeps its keys and its policies.',
    });
  });

  it('is undone by deleting the policy', async () => {
    const { site, on } = setUp(deploy);
    const picture = site.picture();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    assert.equal((await on.verifyRevert(before, after)).kind, 'not-yet');

    await on.revert(before, after);

    assert.deepEqual(site.picture(), picture);
    assert.deepEqual(await on.verifyRevert(before, after), {
      kind: 'took-effect',
      says: 'The role Deploy has no policy CountersignDeny any more: what its other policies allow is possible again.',
    });
  });

  it('shows what became of the policy since, three ways', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    assert.deepEqual(on.differences(before, after, await on.read()), []);

    setInline(site, alex, NAME, FOREIGN);
    assert.deepEqual(on.differences(before, after, await on.read()), [
      {
        part: 'Policy CountersignDeny',
        before: 'none',
        left: `everything denied by case ${REF}`,
        now: 'a policy that Countersign did not write',
      },
    ]);
    site.state.principals.clear();
    assert.match(on.differences(before, after, await on.read())?.[0]?.now ?? '', /gone/);
  });

  it('writes nothing and proves nothing where the user is gone: a renamed one has taken the policy along', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    site.state.principals.clear();

    await on.revert(before, after);

    assert.equal(site.done['inline-deleted'], undefined);
    assert.equal((await on.verifyRevert(before, after)).kind, 'not-done');
    assert.match(on.gone(before, await on.read()) ?? '', /renamed user keeps/);
  });
});

describe('taking the deny away', () => {
  const setUp = (policy = OTHERS) => {
    const site = createAwsSite();
    setInline(site, alex, NAME, policy);
    return { site, on: tryOut(detachDeny, alex, site) };
  };

  it('is moot where nothing is denied, and refused for what somebody else wrote', async () => {
    assert.equal((await tryOut(detachDeny, deploy, setUp().site).plan()).kind, 'moot');
    assert.match(reasonOf(await setUp(FOREIGN).on.plan()), /did not write/);
  });

  it('acts on everybody of the case to whom something may be denied', async () =>
    assert.deepEqual(await detachDeny.find(aims([alex], [deploy]), setUp().site.world), [alex, deploy]));

  it('names the case whose deny it is', async () =>
    assert.deepEqual(offered(await setUp().on.plan()).says, [
      'Deletes the policy CountersignDeny of the user alex, with which case 0TH3RCAS denied everything.',
      'What its other policies allow is possible again.',
    ]));

  it('deletes it once, and undo puts exactly the same one back', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    await on.execute(before);
    assert.equal(inlineOf(site, alex, NAME), null);
    assert.deepEqual(site.done, { 'inline-deleted': 1 });
    assert.equal((await on.verify(before)).kind, 'took-effect');
    const after = await on.read();

    await on.revert(before, after);

    assert.deepEqual(inlineOf(site, alex, NAME), OTHERS);
    assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
  });

  it('is decided about one user, and undo denies nothing to another one of the same name', async () => {
    const { site, on } = setUp();
    makeAnew(site, 'AIDAFIRST');
    const shown = offered(await on.plan());
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    makeAnew(site, 'AIDASECOND');
    const now = await on.read();

    assert.match(on.gone(before, now) ?? '', /another one has that name by now/);
    assert.equal(on.differences(before, after, now)?.length, 1);
    await assert.rejects(on.revert(before, after), isAnother);
    assert.equal(inlineOf(site, alex, NAME), null);
    assert.equal((await on.verify(before)).kind, 'not-done');
    setInline(site, alex, NAME, OTHERS);
    assert.notDeepEqual(offered(await on.plan()).basis, shown.basis);
    await assert.rejects(on.execute(before), isAnother);
    assert.deepEqual(inlineOf(site, alex, NAME), OTHERS);
  });

  it('leaves alone what was put there since', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    setInline(site, alex, NAME, OURS);

    await assert.rejects(on.execute(before), isInTheWay);
    assert.deepEqual(inlineOf(site, alex, NAME), OURS);
  });
});
