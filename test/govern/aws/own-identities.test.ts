// Who is protected in Entra is protected in AWS as far as an identity there is theirs alone: on the card, and again before a change.
import assert from 'node:assert/strict';
import type { Case, Subject } from '../../../src/case/case.ts';
import type { Offer } from '../../../src/case/policy.ts';
import type { OperatorSettings } from '../../../src/case/settings.ts';
import type { Target } from '../../../src/case/target.ts';
import type { GovernanceAction, World } from '../../../src/govern/action.ts';
import { ACTIONS } from '../../../src/govern/actions/index.ts';
import { planOffers } from '../../../src/govern/plan-offers.ts';
import { aCase, settings as base } from '../../helpers/cases.ts';
import { allEnglish, english } from '../../helpers/english.ts';
import { SUSPECT } from '../../helpers/fake-world.ts';
import { createGovernStage } from '../../helpers/govern-stage.ts';
import { madeUpAction } from '../../helpers/made-up-action.ts';
import {
  type AwsSite,
  alex,
  arnOf,
  createAwsSite,
  deploy,
  key,
  MANAGEMENT,
  otherKey,
  session,
} from '../actions/aws-site.ts';

const SUBJECT: Subject = {
  id: SUSPECT.id,
  name: SUSPECT.displayName,
  userPrincipalName: SUSPECT.userPrincipalName,
};
const LISTED = 'The account of Alex Weber is protected by the settings.';
const BY_ROLE = /^Alex Weber is an administrator: /;
const ON_THEIRS = {
  'aws.iam.deactivate-key': key,
  'aws.iam.attach-deny': alex,
  'aws.organizations.deny-sso-user': session,
} as const;

interface Scene {
  readonly site: AwsSite;
  readonly world: World;
}
const setUp = (
  over: Partial<OperatorSettings> = {},
  iamUsers: Readonly<Record<string, string>> = {},
): Scene => {
  const management = `arn:aws:iam::${MANAGEMENT}:role/Countersign`;
  const site = createAwsSite({ aws: { serviceControlPolicyRole: management, iamUsers } });
  return { site, world: { ...site.world, settings: { ...site.settings, ...over } } };
};
const offer = (action: string): Offer => ({ key: action, label: action, actions: [action] });

async function planned({ world }: Scene, action: string, over: Partial<Case> = {}) {
  const about = aCase({ targets: [], callers: [key, alex, session], subject: SUBJECT, ...over });
  const parts = { actions: ACTIONS, world, lastTry: true };
  const { offers, withheld } = await planOffers(
    { ...about, policy: { ...about.policy, offers: over.proposals ? [] : [offer(action)] } },
    about.subject,
    parts,
  );
  return { offered: offers.length > 0, reason: english(withheld[0]?.reason ?? '') };
}
const proposed = (action: string, target: Target): Partial<Case> => ({
  callers: [],
  subject: null,
  proposals: [{ action, target, by: { kind: 'person', id: 'sam', name: 'Sam' }, at: '2026-11-21T10:00:00Z' }],
});

describe('what a protected person signs in to AWS with', () => {
  for (const [action, target] of Object.entries(ON_THEIRS)) {
    it(`is offered where nobody is protected: ${action}`, async () => {
      assert.equal((await planned(setUp(), action)).offered, true);
    });

    it(`is left alone where the settings protect them, for the same reason as their account: ${action}`, async () => {
      const { offered, reason } = await planned(setUp({ protectedUsers: [SUBJECT.id] }), action);

      assert.equal(offered, false);
      assert.equal(reason, LISTED);
    });

    it(`is left alone where they are an administrator: ${action}`, async () => {
      const scene = setUp();
      scene.site.state.administrators.add(SUBJECT.id);

      const { offered, reason } = await planned(scene, action);

      assert.equal(offered, false);
      assert.match(reason, BY_ROLE);
    });

    it(`is left alone before the change where they have become an administrator since: ${action}`, async () => {
      const scene = setUp();
      const found = ACTIONS.get(action);
      assert.ok(found);
      const { directory, identities, accountPolicies } = scene.world;
      const stage = await createGovernStage({
        actions: [found],
        settings: scene.world.settings,
        world: { directory, identities, accountPolicies },
        offers: { one: [[action, target]] },
        recheckMs: 0,
      });
      try {
        const about = await stage.open({ targets: [], callers: [target], subject: SUBJECT });
        await stage.approve(about, 'one');
        scene.site.state.administrators.add(SUBJECT.id);
        const asked = await stage.run(about);

        assert.equal(asked.question?.approver.kind, 'security');
        assert.match(allEnglish(asked.outcome).join(' '), /did not succeed: Alex Weber is an administrator/);
        assert.deepEqual(scene.site.done, {});
      } finally {
        await stage.close();
      }
    });
  }

  it('is left alone whichever of their keys is named', async () => {
    const scene = setUp({ protectedUsers: [SUBJECT.id] });
    const named = { ...proposed('aws.iam.deactivate-key', otherKey), callers: [key], subject: SUBJECT };

    assert.equal((await planned(scene, 'aws.iam.deactivate-key', named)).reason, LISTED);
  });

  for (const [what, action, called, target] of [
    ['a user', 'aws.iam.attach-deny', { ...alex, name: 'ALEX' }, alex],
    [
      'an Identity Center user',
      'aws.organizations.deny-sso-user',
      { ...session, user: 'ALEX@contoso.example' },
      session,
    ],
  ] as const)
    it(`is left alone in whatever letter case they called with it: ${what}`, async () => {
      const scene = setUp({ protectedUsers: [SUBJECT.id] });
      const named = { ...proposed(action, target), callers: [called], subject: SUBJECT };

      assert.equal((await planned(scene, action, named)).reason, LISTED);
    });

  it('is none of what somebody else calls with: another user, nor one of the same name in another account', async () => {
    const scene = setUp({ protectedUsers: [SUBJECT.id] });
    for (const callers of [[], [session], [{ ...alex, account: MANAGEMENT }]]) {
      const named = { ...proposed('aws.iam.attach-deny', alex), callers, subject: SUBJECT };

      assert.equal((await planned(scene, 'aws.iam.attach-deny', named)).offered, true);
    }
  });

  it('is left alone where the settings say whose user it is, whatever the case is about', async () => {
    const owners = { [arnOf(alex, '/sales/')]: SUSPECT.userPrincipalName };
    const scene = setUp({ protectedUsers: [SUBJECT.id] });
    const { iamUsers } = setUp({}, owners).world.settings.aws;
    const world = {
      ...scene.world,
      settings: { ...scene.world.settings, aws: { ...scene.world.settings.aws, iamUsers } },
    };
    const named = proposed('aws.iam.attach-deny', alex);

    assert.equal((await planned({ ...scene, world }, 'aws.iam.attach-deny', named)).reason, LISTED);
    assert.equal((await planned(scene, 'aws.iam.attach-deny', named)).offered, true);
  });

  it('is left alone where the name of the Identity Center user is theirs', async () => {
    const scene = setUp({ protectedUsers: [SUBJECT.id] });
    const theirs = { ...session, user: SUSPECT.userPrincipalName };
    const deny = 'aws.organizations.deny-sso-user';

    assert.equal((await planned(scene, deny, proposed(deny, theirs))).reason, LISTED);
    assert.equal((await planned(scene, deny, proposed(deny, session))).offered, true);
  });

  it('is not a role that they share with others', async () => {
    const scene = setUp({ protectedUsers: [SUBJECT.id] });

    assert.equal((await planned(scene, 'aws.iam.attach-deny', { callers: [deploy] })).offered, true);
    assert.equal((await planned(scene, 'aws.iam.revoke-role-sessions', { callers: [deploy] })).offered, true);
  });

  it('can be given back to them', async () => {
    const scene = setUp({ protectedUsers: [SUBJECT.id] });
    scene.site.state.keys.set('iam-user:123456789012:alex', [{ id: key.id, active: false }]);

    assert.equal((await planned(scene, 'aws.iam.reactivate-key')).offered, true);
  });

  it('is not offered where it cannot be known whether they are an administrator', async () => {
    const scene = setUp();
    const directory = { ...scene.world.directory, isAdministrator: () => Promise.reject(new Error('down')) };

    await assert.rejects(
      planned({ ...scene, world: { ...scene.world, directory } }, 'aws.iam.attach-deny'),
      /down/,
    );
  });
});

describe('what is not offered of several', () => {
  const reasonFor = async (reasons: readonly string[]): Promise<string> => {
    const { action } = madeUpAction({
      find: async () =>
        reasons.map((_, at) => ({
          kind: 'bucket',
          account: '123456789012',
          region: 'eu-central-1',
          name: `b${at}`,
        })),
      plan: ({ name }) => ({ kind: 'refused', reason: reasons[Number(name.slice(1))] ?? '' }),
    });
    const erased = action as unknown as GovernanceAction;
    const about = aCase({});
    const { withheld } = await planOffers(
      { ...about, policy: { ...about.policy, offers: [offer(action.id)] } },
      about.subject,
      {
        actions: new Map([[action.id, erased]]),
        world: { ...createAwsSite().world, settings: base },
        lastTry: true,
      },
    );
    return english(withheld[0]?.reason ?? '');
  };

  it('says each reason once, up to three of them, and how many more there are', async () => {
    assert.equal(await reasonFor(['A is old.', 'B is new.', 'A is old.']), 'A is old. B is new.');
    assert.equal(await reasonFor(['A.', 'B.', 'C.', 'D.', 'E.']), 'A. B. C. And 2 more like that.');
  });
});
