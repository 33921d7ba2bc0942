import assert from 'node:assert/strict';
import { isCountersignError } from '../../../src/case/errors.ts';
import { type SsoSessionTarget, targetKey } from '../../../src/case/target.ts';
import { allowSsoUser } from '../../../src/govern/actions/allow-sso-user.ts';
import { denySsoUser } from '../../../src/govern/actions/deny-sso-user.ts';
import {
  ACCOUNT,
  type AwsSite,
  type AwsSiteParts,
  aims,
  alex,
  createAwsSite,
  denyBy,
  deploy,
  FOREIGN,
  REF,
  SSO_ARN,
  SSO_PATH,
  scpName,
  session,
  setScp,
  ssoRole,
} from './aws-site.ts';
import { SSO_CONDITION } from './iam-actions.ts';
import { offered, reasonOf, tryOut } from './scene.ts';

const OURS = denyBy(`Countersign${REF}`, SSO_CONDITION);
const OTHERS = denyBy('Countersign0TH3RCAS', SSO_CONDITION);
const WHERE = `${ACCOUNT} ${scpName(session)}`;
const policyOf = ({ state }: AwsSite) => state.accountPolicies.get(WHERE) ?? null;
const isInTheWay = (error: unknown): boolean =>
  isCountersignError(error) && error.code === 'govern.policy-in-the-way';
const isUnseen = (error: unknown): boolean => isCountersignError(error) && error.code === 'aws.not-allowed';
/** AWS: "Quotas and service limits for AWS Organizations", the smaller of those that its pages name. */
const SCP_MAX_BYTES = 5_120;

describe('denying everything to an Identity Center user', () => {
  const setUp = (parts: AwsSiteParts = {}, target: SsoSessionTarget = session) => {
    const site = createAwsSite(parts);
    return { site, on: tryOut(denySsoUser, target, site) };
  };

  it('acts on the sessions that called', async () =>
    assert.deepEqual(await denySsoUser.find(aims([session, deploy, alex]), setUp().site.world), [session]));

  it('says who is shut out of what, and who is not', async () =>
    assert.deepEqual(offered(await setUp().on.plan()).says, [
      `Shuts alex@contoso.example out of the AWS account ${ACCOUNT}, in sessions that are open as well. Everybody else goes on working.`,
      `It holds for their access as ${session.role}. In other accounts, and with other roles, alex@contoso.example is not shut out.`,
      'It goes by the name alone, so it no longer holds once alex@contoso.example is given another name in IAM Identity Center.',
      `For the security team: it is a service control policy on this one account, called ${scpName(session)}. An explicit deny beats every allow.`,
    ]));

  it('is refused where the settings do not allow service control policies, and asks AWS nothing about them', async () => {
    const { site, on } = setUp({ aws: { serviceControlPolicyRole: null } });
    site.world.accountPolicies.find = () => assert.fail('was asked');

    assert.equal(
      reasonOf(await on.plan()),
      'The roles of IAM Identity Center can only be changed by AWS. A service control policy could deny everything to alex@contoso.example, but the settings do not allow that.',
    );
  });

  it('is refused in the account that manages the organisation, and never proven there, wherever our role is', async () => {
    const delegated = 'arn:aws:iam::999988887777:role/Policies';
    const { site, on } = setUp({ aws: { serviceControlPolicyRole: delegated } });
    site.state.managementAccount = ACCOUNT;
    setScp(site, OURS);

    assert.match(
      reasonOf(await on.plan()),
      /manages the organisation, and service control policies do not bind/,
    );
    assert.equal((await on.verify(await on.read())).kind, 'not-yet');
  });

  it('is offered in another account, where the role is one of an account that administers policies', async () => {
    const { on } = setUp({ aws: { serviceControlPolicyRole: `arn:aws:iam::${ACCOUNT}:role/Policies` } });

    assert.equal((await on.plan()).kind, 'offered');
  });

  it('is one policy for one person, whatever the case that their name is written in', async () => {
    const { site, on } = setUp({}, { ...session, user: 'ALEX@Contoso.example' });

    await on.execute(await on.read());

    assert.deepEqual(policyOf(site)?.policy, OURS);
  });

  it('is refused where the role has no id of its own to be known by', async () => {
    const { site, on } = setUp();
    site.state.principals.set(targetKey(ssoRole), { arn: SSO_ARN, path: SSO_PATH });

    assert.equal((await on.plan()).kind, 'refused');
  });

  for (const user of ['alex*', 'a?ex', '$' + '{aws:username}', 'a:b', 'x'])
    it(`is refused for the name ${user}, which would stand for others as well`, async () => {
      const plan = await setUp({}, { ...session, user }).on.plan();

      assert.equal(plan.kind, 'refused');
      assert.match(reasonOf(plan), /cannot be denied by itself/);
    });

  it('is refused for a role that is none of Identity Center, whose session names anybody may choose', async () =>
    assert.match(
      reasonOf(await setUp({}, { ...session, role: deploy.name }).on.plan()),
      /none of IAM Identity Center/,
    ));

  it('is refused where another case denies it already, and for a policy that is not ours', async () => {
    const { site, on } = setUp();
    setScp(site, OTHERS);
    assert.match(reasonOf(await on.plan()), /already, by case 0TH3RCAS\.$/);
    setScp(site, FOREIGN);

    assert.match(reasonOf(await on.plan()), /did not write/);
  });

  it('attaches one small policy about this person, this role and this account, and reads it back', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    assert.equal((await on.verify(before)).kind, 'not-yet');

    await on.execute(before);
    await on.execute(before);

    assert.deepEqual(policyOf(site)?.policy, OURS);
    assert.deepEqual(site.done, { 'scp-attached': 1 });
    assert.deepEqual(OURS.Statement, [
      {
        ...{ Sid: `Countersign${REF}`, Effect: 'Deny', Action: '*', Resource: '*' },
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': SSO_ARN },
          StringEqualsIgnoreCase: { 'aws:userid': 'AROAEXAMPLE:alex@contoso.example' },
        },
      },
    ]);
    const seen = await on.verify(before);
    assert.equal(seen.kind, 'took-effect');
    assert.match(seen.says, /read back from the service control policy CountersignDeny-/);
  });

  it('keeps within what a service control policy may hold, whatever the names', async () => {
    const user = 'u'.repeat(64);
    const { site, on } = setUp({}, { ...session, user });

    await on.execute(await on.read());

    const [policy] = [...site.state.accountPolicies.values()];
    assert.ok(policy && Buffer.byteLength(JSON.stringify(policy.policy)) < SCP_MAX_BYTES);
  });

  it('has another policy for every person, role and account', () => {
    const names = [
      session,
      { ...session, user: 'lee@contoso.example' },
      { ...session, role: 'AWSReservedSSO_Read_0123456789abcdef' },
      { ...session, account: '444455556666' },
    ].map(scpName);

    assert.equal(new Set(names).size, names.length);
  });

  it('attaches the same policy where it lies unattached', async () => {
    const { site, on } = setUp();
    setScp(site, OTHERS, false);
    const before = await on.read();

    await on.execute(before);

    assert.deepEqual(policyOf(site)?.policy, OTHERS);
    assert.equal((await on.verify(before)).kind, 'took-effect');
  });

  it('writes over no policy of somebody else', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    setScp(site, FOREIGN);

    await assert.rejects(on.execute(before), isInTheWay);
    assert.equal((await on.verify(before)).kind, 'not-yet');
  });

  it('is undone by removing it, and shows three ways what became of it since', async () => {
    const { site, on } = setUp();
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    assert.deepEqual(on.differences(before, after, after), []);
    setScp(site, OURS, false);
    assert.deepEqual(on.differences(before, after, await on.read()), [
      {
        part: 'Service control policy',
        before: 'none',
        left: `that of case ${REF}, attached`,
        now: `that of case ${REF}, not attached`,
      },
    ]);
    assert.equal((await on.verifyRevert(before, after)).kind, 'not-yet');

    await on.revert(before, after);

    assert.equal(policyOf(site), null);
    assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
  });
});

describe('the deny for an Identity Center user whose role is gone', () => {
  it('is still read, still proven, and still removed by an undo', async () => {
    const site = createAwsSite();
    const on = tryOut(denySsoUser, session, site);
    const before = await on.read();
    await on.execute(before);
    const after = await on.read();
    site.state.principals.delete(targetKey(ssoRole));
    const now = await on.read();

    assert.equal(now.arn, null);
    assert.deepEqual(on.differences(before, after, now), []);
    assert.equal((await on.verify(before)).kind, 'took-effect');
    assert.equal((await on.verifyRevert(before, after)).kind, 'not-yet');
    await on.revert(before, after);
    assert.equal(policyOf(site), null);
    assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
  });

  for (const [what, aws] of [
    ['name no role for service control policies any more', { serviceControlPolicyRole: null }],
    ['no longer list the account', { accounts: [] }],
  ] as const)
    it(`is neither there nor gone where the settings ${what}: nobody has looked`, async () => {
      const site = createAwsSite();
      const on = tryOut(denySsoUser, session, site);
      const before = await on.read();
      await on.execute(before);
      const after = await on.read();
      const settings = { ...site.settings, aws: { ...site.settings.aws, ...aws } };
      const blind = tryOut(denySsoUser, session, { settings, world: { ...site.world, settings } });
      const now = await blind.read();

      assert.throws(() => blind.differences(before, after, now), isUnseen);
      await assert.rejects(blind.verify(before), isUnseen);
      await assert.rejects(blind.verifyRevert(before, after), isUnseen);
    });
});

describe('taking the deny for an Identity Center user away', () => {
  const setUp = (parts: AwsSiteParts = {}) => {
    const site = createAwsSite(parts);
    return { site, on: tryOut(allowSsoUser, session, site) };
  };

  it('is moot where nothing is denied', async () => {
    const { site, on } = setUp();
    assert.equal((await on.plan()).kind, 'moot');
    setScp(site, OTHERS, false);
    assert.equal((await on.plan()).kind, 'moot');
    assert.equal((await setUp({ aws: { serviceControlPolicyRole: null } }).on.plan()).kind, 'moot');
  });

  it('names the case, removes the policy, and undo puts exactly the same one back', async () => {
    const { site, on } = setUp();
    setScp(site, OTHERS);
    assert.match(
      offered(await on.plan()).says[0] ?? '',
      /case 0TH3RCAS denied everything to alex@contoso\.example/,
    );
    const before = await on.read();
    await on.execute(before);
    assert.equal(policyOf(site), null);
    assert.equal((await on.verify(before)).kind, 'took-effect');
    const after = await on.read();

    await on.revert(before, after);

    assert.deepEqual(policyOf(site)?.policy, OTHERS);
    assert.equal((await on.verifyRevert(before, after)).kind, 'took-effect');
  });

  it('leaves alone what is not ours, or no longer the same', async () => {
    const { site, on } = setUp();
    setScp(site, FOREIGN);
    assert.match(reasonOf(await on.plan()), /did not write/);
    const before = await on.read();
    setScp(site, OTHERS);

    await assert.rejects(on.execute(before), isInTheWay);
  });
});
