// Whom no action on AWS identities touches, whatever a policy or a proposal asks for.
import assert from 'node:assert/strict';
import { targetKey } from '../../../src/case/target.ts';
import type { World } from '../../../src/govern/action.ts';
import {
  type AwsSite,
  type AwsSiteParts,
  alex,
  arnOf,
  deploy,
  MANAGEMENT,
  SSO_ARN,
  ssoRole,
} from './aws-site.ts';
import { IAM_SAMPLES, type IamSample } from './iam-actions.ts';
import { reasonOf, tryOut } from './scene.ts';

const planOf = ({ action, target }: IamSample, site: AwsSite) => tryOut(action, target, site).plan();
const PRINCIPAL_ARNS = [arnOf(alex), arnOf(deploy), SSO_ARN];

describe('an action on AWS identities', () => {
  for (const sample of IAM_SAMPLES) {
    const { name, action, target } = sample;
    const isSso = target.kind === 'sso-session';

    it(`is offered where nothing stands against it: ${name}`, async () =>
      assert.equal((await planOf(sample, sample.site())).kind, 'offered'));

    const protections: readonly (readonly [string, AwsSiteParts, RegExp])[] = [
      ["Countersign's own", { ownArns: PRINCIPAL_ARNS }, /^Countersign itself works as/],
      [
        "Countersign's own, named without its path",
        { path: '/service/', ownArns: [arnOf(alex), arnOf(deploy), arnOf(ssoRole)] },
        /^Countersign itself works as/,
      ],
      [
        'protected by ARN',
        { aws: { protectedPrincipals: PRINCIPAL_ARNS } },
        /is protected by the settings\.$/,
      ],
      [
        'protected by a pattern, in whatever case',
        { aws: { protectedPrincipals: ['arn:aws:iam::*:USER/ale?', 'arn:aws:iam::*:role/*'] } },
        /is protected by the settings\.$/,
      ],
    ];
    for (const [what, parts, reason] of protections)
      it(`is refused for what is ${what}: ${name}`, async () => {
        const plan = await planOf(sample, sample.site(parts));

        assert.equal(plan.kind, 'refused');
        assert.match(reasonOf(plan), reason);
      });

    it(`is offered where only others are protected: ${name}`, async () => {
      const others = ['arn:aws:iam::123456789012:user/al', 'arn:aws:iam::123456789012:role/Deploy?'];
      const parts = {
        aws: { protectedPrincipals: others },
        ownArns: [`${arnOf(alex)}2`, `${arnOf(deploy)}2`],
      };

      assert.equal((await planOf(sample, sample.site(parts))).kind, 'offered');
    });

    it(`is never offered outside of listed accounts, and asks nothing there: ${name}`, async () => {
      const site = sample.site();
      const nobody = new Proxy({}, { get: () => () => assert.fail('was asked') });
      const world = {
        ...site.world,
        identities: nobody as World['identities'],
        accountPolicies: nobody as World['accountPolicies'],
      };
      const elsewhere = { ...target, account: MANAGEMENT } as typeof target;

      const plan = await planOf({ ...sample, target: elsewhere }, { ...site, world });

      assert.notEqual(plan.kind, 'offered');
      if (action.strength > 1) assert.match(reasonOf(plan), /not one of those that Countersign looks after/);
    });

    if (target.kind === 'iam-role')
      for (const [path, reason] of [
        [
          '/aws-reserved/sso.amazonaws.com/eu-central-1/',
          /^Only AWS can change the roles of IAM Identity Center/,
        ],
        ['/aws-service-role/support.amazonaws.com/', /belongs to a service of AWS/],
      ] as const)
        it(`is refused for a role under ${path}: ${name}`, async () =>
          assert.match(reasonOf(await planOf(sample, sample.site({ path }))), reason));

    it(`is never offered for who is gone: ${name}`, async () => {
      const site = sample.site();
      for (const one of [alex, deploy, ssoRole]) site.state.principals.delete(targetKey(one));

      assert.notEqual((await planOf(sample, site)).kind, 'offered');
    });

    it(`declares what it needs in AWS, and nothing of Graph: ${name}`, () => {
      assert.equal(action.permissions.graph, undefined);
      assert.ok(action.permissions.aws?.every((one) => /^(iam|organizations):[A-Z]\w+$/.test(one)));
      assert.equal(
        action.permissions.aws?.some((one) => one.startsWith('organizations:')),
        isSso,
      );
    });
  }
});
