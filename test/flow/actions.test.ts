// Every family of actions through the product's own doors: a sample in, the card, the button, the world, and back again. What is
// looked at is the world itself: who gets in, what Entra, IAM and the organisation hold.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/case/json.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { ALEX_KEY, PIPELINE_ROLE } from '../../src/sandbox/identities.ts';
import { groups, people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { apps } from '../../src/sandbox/tenant.ts';
import { sessionOf, statusOf } from '../helpers/aws-callers.ts';
import { allEnglish } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const YUKI = people.yuki.userPrincipalName;
const INVOICE = 'contoso-invoices/invoices-2026.csv';
const ORDERS = 'contoso-supplier-drop/orders.csv';
const PRICES = 'contoso-supplier-drop/price-list.txt';
const ALEX = people.alex.id;

interface Story {
  readonly does: string;
  readonly sample: string;
  readonly offer: string;
  /** The action that must be proven. */
  readonly action: string;
  /** Asked instead of the manager. */
  readonly by?: 'security';
  /** Makes what is looked at, once the sample has happened. */
  readonly set?: (world: TestWorld) => Promise<unknown>;
  readonly look: (world: TestWorld, set: unknown) => unknown;
  readonly before: unknown;
  readonly after: unknown;
  /** What undo leaves, where that is not what was before; null: there is no way back. */
  readonly undone?: unknown;
}

const tenant = (world: TestWorld) => world.sandbox.graph.state().tenant;
const account = (world: TestWorld) => world.sandbox.graph.state().accounts[ALEX];
const keyOf = (world: TestWorld) =>
  world.sandbox.iam.world
    .state()
    .users.flatMap(({ keys }) => keys)
    .find(({ id }) => id === ALEX_KEY)?.active;
/** Countersign's own policies of the organisation. */
const controls = (world: TestWorld) =>
  world.sandbox.iam.world
    .state()
    .policies.filter(({ awsManaged }) => !awsManaged)
    .map(({ targets }) => targets);
const grants = (world: TestWorld) =>
  tenant(world)
    .grants.filter(({ clientId, principalId }) => clientId === apps.pdfWizard.id && principalId === ALEX)
    .map(({ scope }) => scope);
const isIn = (world: TestWorld, group: { readonly id: string }) =>
  tenant(world).memberships[ALEX]?.includes(group.id);
const asAlex = (world: TestWorld) => statusOf(world, INVOICE, world.running.aws.alex);
const asPartner = (world: TestWorld) => statusOf(world, ORDERS, world.running.aws.partner);

const STORIES: readonly Story[] = [
  {
    does: 'deactivates the access key that made the calls',
    sample: 'iam-rights',
    offer: 'deactivate-key',
    action: 'aws.iam.deactivate-key',
    look: async (world) => [keyOf(world), await asAlex(world)],
    before: [true, 200],
    after: [false, 403],
  },
  {
    does: 'shuts the IAM user out of AWS',
    sample: 'iam-rights',
    offer: 'deny',
    action: 'aws.iam.attach-deny',
    look: asAlex,
    before: 200,
    after: 403,
  },
  {
    does: 'shuts somebody from Identity Center out of the account, and nobody else with that role',
    sample: 'trail-stopped',
    offer: 'deny-sso',
    action: 'aws.organizations.deny-sso-user',
    look: controls,
    before: [],
    after: [['123456789012']],
  },
  {
    does: 'ends the sessions of a role',
    sample: 'pipeline-role',
    by: 'security',
    offer: 'end-role-sessions',
    action: 'aws.iam.revoke-role-sessions',
    set: (world) => sessionOf(world, PIPELINE_ROLE),
    look: (world, session) => statusOf(world, INVOICE, session as Awaited<ReturnType<typeof sessionOf>>),
    before: 200,
    after: 403,
  },
  {
    does: 'takes the outside collaborators off a bucket',
    sample: 'bucket-shared',
    offer: 'remove-collaborators',
    action: 'aws.s3.remove-collaborator',
    look: async (world) => [await asPartner(world), await statusOf(world, ORDERS, world.running.aws.owner)],
    before: [200, 200],
    after: [403, 200],
  },
  {
    does: 'makes one object private and leaves the others as they are',
    sample: 'object-public',
    offer: 'make-object-private',
    action: 'aws.s3.make-object-private',
    look: async (world) => [await statusOf(world, PRICES), await asPartner(world)],
    before: [200, 200],
    after: [403, 200],
  },
  {
    does: 'closes every bucket of the account',
    sample: 'bucket-public',
    offer: 'block-account',
    action: 'aws.s3.block-account-public-access',
    look: async (world) => [await statusOf(world, INVOICE), await statusOf(world, PRICES)],
    before: [200, 200],
    after: [403, 403],
  },
  {
    does: 'takes back what somebody allowed an app',
    sample: 'oauth-app',
    offer: 'revoke-app',
    action: 'entra.app.revoke-grant',
    look: grants,
    before: ['Mail.Read Files.Read.All offline_access'],
    after: [],
  },
  {
    does: 'takes somebody out of a group',
    sample: 'group-joined',
    offer: 'leave-group',
    action: 'entra.group.remove-member',
    look: (world) => isIn(world, groups.sales),
    before: true,
    after: false,
  },
  {
    does: 'keeps somebody from downloading',
    sample: 'mass-download',
    offer: 'restrict',
    action: 'entra.user.restrict-downloads',
    look: (world) => isIn(world, groups.noDownloads),
    before: false,
    after: true,
  },
  {
    does: 'asks for a new password, and ends the sessions that the old one opened',
    sample: 'risky-sign-in',
    offer: 'force-password',
    action: 'entra.user.force-password-change',
    look: (world) => tenant(world).passwords[ALEX]?.mustChange ?? false,
    before: false,
    after: true,
  },
  {
    does: 'tells Entra that the account is compromised',
    sample: 'risky-sign-in',
    offer: 'compromised',
    action: 'entra.user.confirm-compromised',
    look: (world) => tenant(world).risks[ALEX]?.riskState,
    before: 'atRisk',
    after: 'confirmedCompromised',
    undone: 'dismissed',
  },
  {
    does: 'dismisses the risk, which has no way back',
    sample: 'risky-sign-in',
    offer: 'no-risk',
    action: 'entra.user.dismiss-risk',
    look: (world) => tenant(world).risks[ALEX]?.riskState,
    before: 'atRisk',
    after: 'dismissed',
    undone: null,
  },
  {
    does: 'suspends the account',
    sample: 'risky-sign-in',
    offer: 'suspend-and-sign-out',
    action: 'entra.user.suspend',
    look: (world) => account(world)?.accountEnabled,
    before: true,
    after: false,
  },
];

describe('an action, from the detection to the undo', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  /** By the button where the card has one, else by the line that it prints. */
  async function choose(ref: string, offer: string, user: string, from: string): Promise<void> {
    const card = await world.cardFor(from, ref);
    const title = card.buttons.find(({ data }) => data.offer === offer)?.title;
    if (title) {
      const pressed = await world.click({
        user,
        activityId: card.activityId,
        title,
        channel: from === 'channel',
      });
      assert.equal(pressed.status, 200);
      return;
    }
    assert.ok(card.words.includes(`approve ${ref} ${offer}`), `neither a button nor a line for ${offer}`);
    await world.say(user, `approve ${ref} ${offer}`);
  }

  /** By the manager, and then by the second person: whatever the severity. */
  async function letIn(ref: string, offer: string): Promise<void> {
    await choose(ref, offer, MORGAN, MORGAN);
    await until('the security team to be asked', async () => {
      const { approver } = (await world.theCase(ref)).question ?? {};
      return approver?.kind === 'security';
    });
    await world.untilIdle();
    assert.deepEqual(await world.runs(ref), [], 'nothing was done by one press');
    await choose(ref, offer, YUKI, 'channel');
  }

  for (const { does, sample, offer, action, by, set, look, before, after, undone = before } of STORIES)
    it(`${does}: ${offer}`, async () => {
      const ref = refOf(await world.fire(sample));
      const scene = await set?.(world);
      assert.deepEqual(await look(world, scene), before);

      const who = by ? { user: YUKI, from: 'channel' } : { user: MORGAN, from: MORGAN };
      if (ACTIONS.get(action)?.letsIn) await letIn(ref, offer);
      else await choose(ref, offer, who.user, who.from);
      await world.untilState(ref, 'contained');

      assert.deepEqual(await look(world, scene), after);
      const runs = await world.runs(ref);
      assert.ok(runs.some((run) => run.action === action));
      assert.ok(runs.every(({ state, verifiedAt }) => state === 'verified' && verifiedAt !== null));

      const answer = await world.say(who.user, `undo ${ref}`);
      if (undone === null) {
        assert.doesNotMatch(answer, /Undoing it/);
        assert.deepEqual(await look(world, scene), after);
        return;
      }
      // From high severity it takes two.
      if (/One more person has to agree/.test(answer)) {
        assert.deepEqual(await look(world, scene), after);
        await world.say(who.user === YUKI ? MORGAN : YUKI, `undo ${ref}`);
      }
      await world.untilState(ref, 'undone');
      assert.deepEqual(await look(world, scene), undone);
    });

  it('asks the person themselves, changes nothing by that, and shows the manager what they say', async () => {
    const ref = refOf(await world.fire('risky-sign-in'));
    await choose(ref, 'ask', MORGAN, MORGAN);
    const asked = await world.cardFor(people.alex.userPrincipalName, ref);
    const title = asked.buttons.find(({ verb }) => verb === 'not-me')?.title;
    await world.click({ user: people.alex.userPrincipalName, activityId: asked.activityId, title });

    const card = await until('what they say on the card', async () => {
      const found = await world.cardFor(MORGAN, ref);
      return /it was NOT me/.test(found.words) && found.buttons.length > 0 ? found : null;
    });
    assert.ok(card.buttons.some(({ data }) => data.offer === 'suspend-and-sign-out'));
    assert.equal((await world.theCase(ref)).state, 'asking');
    assert.equal(account(world)?.accountEnabled, true);
  });

  it('takes the answer that lets somebody off for what it is: expected, and by two people', async () => {
    const build = SAMPLES['risky-sign-in']?.build(new Date(), 'high') as Record<string, unknown>;
    const alert = { ...build, severity: 'high' };
    world.sandbox.graph.addAlert(alert as JsonObject);
    const pushed = await world.post('/api/alerts/graph', alert, {
      authorization: `Bearer ${await world.token()}`,
    });
    const [receipt] = ((await pushed.json()) as { alerts: { case: string }[] }).alerts;
    const ref = receipt?.case ?? '';
    const state = () => tenant(world).risks[ALEX]?.riskState;
    const card = await world.cardFor(MORGAN, ref);
    assert.match(card.words, /One more person has to agree\. It lets somebody back in/);

    await choose(ref, 'no-risk', MORGAN, MORGAN);
    const security = await world.cardFor('channel', ref);
    assert.match(security.words, /lets somebody back in, or takes a suspicion off them/);
    assert.equal(state(), 'atRisk');
    await world.untilIdle();
    assert.deepEqual(await world.runs(ref), []);

    await choose(ref, 'no-risk', YUKI, 'channel');
    await world.untilState(ref, 'contained');
    await world.untilIdle();

    assert.equal(state(), 'dismissed');
    const written = world.sandbox.graph.state().alerts.at(-1);
    assert.equal(written?.classification, 'informationalExpectedActivity');
  });

  it('closes both doors of an account that Active Directory owns at once, and opens both again', async () => {
    const ref = refOf(await world.fire('synced-user'));
    const { id } = people.grace;
    const doors = () => {
      const { accounts, tenant: all } = world.sandbox.graph.state();
      return [accounts[id]?.accountEnabled, all.onPremises[id]?.enabled];
    };
    await choose(ref, 'suspend', MORGAN, MORGAN);
    const done = await world.untilState(ref, 'contained');

    assert.deepEqual(doors(), [false, false]);
    assert.match(
      allEnglish(done.outcome).join(' '),
      /disabled in Entra and in Active Directory, so sign-in is blocked/,
    );

    await world.say(MORGAN, `undo ${ref}`);
    await world.untilState(ref, 'undone');
    assert.deepEqual(doors(), [true, true]);
  });

  it('colours as dangerous what keeps somebody out, and nothing else', async () => {
    const ref = refOf(await world.fire('risky-sign-in'));
    const { card } = await world.cardFor(MORGAN, ref);
    const styles = [
      ...JSON.stringify(card).matchAll(/"Action.Execute","title":"([^"]+)","style":"(\w+)"/g),
    ].map(([, title, style]) => [title, style]);

    assert.deepEqual(styles, [
      ['Ask Alex Weber if it was them', 'default'],
      ['Sign Alex Weber out everywhere', 'destructive'],
      ['Force a new password and sign out', 'destructive'],
      ['Suspend the account and sign out', 'destructive'],
    ]);
  });

  for (const { back, sample, again, out, look } of [
    {
      back: 'unsuspend',
      sample: 'mass-download',
      again: 'cloud-app-alert',
      out: 'suspend',
      look: (w: TestWorld) => account(w)?.accountEnabled,
    },
    { back: 'reactivate-key', sample: 'iam-rights', again: 'iam-rights', out: 'deactivate-key', look: keyOf },
    { back: 'detach-deny', sample: 'iam-rights', again: 'iam-rights', out: 'deny', look: asAlex },
  ])
    it(`lets somebody back in whom an earlier case kept out: ${back}`, async () => {
      const first = refOf(await world.fire(sample));
      const allowed = await look(world);
      assert.ok(!(await world.theCase(first)).question?.offers.some(({ key }) => key === back));
      await choose(first, out, MORGAN, MORGAN);
      await world.untilState(first, 'contained');
      assert.notDeepEqual(await look(world), allowed);

      const second = refOf(await world.fire(again));
      assert.notEqual(second, first);
      await letIn(second, back);
      await world.untilState(second, 'contained');

      assert.deepEqual(await look(world), allowed);
    });

  it('lets somebody from Identity Center back in whom an earlier case kept out: allow-sso', async () => {
    const first = refOf(await world.fire('trail-stopped'));
    await choose(first, 'deny-sso', MORGAN, MORGAN);
    await world.untilState(first, 'contained');
    assert.equal(controls(world).length, 1);

    const event = SAMPLES['trail-stopped']?.build(new Date(), 'again') as { readonly detail: object };
    const detail = {
      ...event.detail,
      eventSource: 'iam.amazonaws.com',
      eventName: 'DeletePolicy',
      requestParameters: { policyArn: 'arn:aws:iam::123456789012:policy/Developers' },
    };
    const pushed = await world.post(
      '/api/alerts/cloudtrail',
      { ...event, detail },
      { 'x-countersign-key': world.running.cloudtrailKey },
    );
    const [receipt] = ((await pushed.json()) as { alerts: { case: string }[] }).alerts;
    const second = receipt?.case ?? '';
    await letIn(second, 'allow-sso');
    await world.untilState(second, 'contained');

    assert.deepEqual(controls(world), []);
  });
});
