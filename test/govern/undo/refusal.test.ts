// Undoing what let somebody in shuts them out again: whom nobody may shut out by now stays in, and the card says why.
import assert from 'node:assert/strict';
import type { Said } from '../../../src/case/said.ts';
import type { OperatorSettings } from '../../../src/case/settings.ts';
import type { Target } from '../../../src/case/target.ts';
import type { GovernanceAction } from '../../../src/govern/action.ts';
import { ACTIONS } from '../../../src/govern/actions/index.ts';
import { people } from '../../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../../helpers/app.ts';
import { settings } from '../../helpers/cases.ts';
import { allEnglish, english } from '../../helpers/english.ts';
import { createGovernStage, type Stage } from '../../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../../helpers/made-up-action.ts';
import type { AwsSite } from '../actions/aws-site.ts';
import { IAM_SAMPLES } from '../actions/iam-actions.ts';

const letIn = (action: GovernanceAction): boolean => action.letsIn === true && action.revert !== undefined;

describe('an undo of what let somebody in', () => {
  it('is asked whom it would shut out, for every such action', () => {
    const without = [...ACTIONS.values()].filter((action) => letIn(action) && !action.revert?.refusal);

    assert.deepEqual(
      without.map(({ id }) => id),
      [],
    );
  });

  for (const { name, action, target, site } of IAM_SAMPLES.filter((one) => letIn(one.action)))
    it(`is refused for what is protected by now, in words, and for nobody else: ${name}`, async () => {
      const refusal = async (scene: AwsSite): Promise<Said | null | undefined> =>
        action.revert?.refusal?.(target, await action.read(target, scene.world), scene.settings);
      const role = target.kind === 'sso-session' ? target.role : '*';
      const protectedPrincipals = [`arn:aws:iam::*:user/*`, `arn:aws:iam::*:role/*${role}`];

      assert.match(
        english((await refusal(site({ aws: { protectedPrincipals } }))) ?? ''),
        /is protected by the settings/,
      );
      assert.equal(await refusal(site()), null);
    });

  describe('of an account', () => {
    let app: TestApp;
    beforeEach(async () => {
      app = await createTestApp();
    });
    afterEach(() => app.close());

    it('leaves somebody in who has become an administrator, and says so', async () => {
      const { users, administrators } = app.world.state;
      const found = users.get(people.alex.id);
      assert.ok(found);
      users.set(people.alex.id, { ...found, enabled: false });
      const about = await app.open('cloud-app-alert');
      for (const person of [people.morgan, people.yuki])
        await app.say(person, `approve ${about.ref} unsuspend`).then(() => app.settled(about.ref));
      assert.equal((await app.settled(about.ref)).state, 'contained');
      administrators.add(people.alex.id);
      await app.say(people.yuki, `undo ${about.ref}`);
      const after = await app.settled(about.ref);

      assert.equal(users.get(people.alex.id)?.enabled, true);
      assert.equal(after.state, 'contained');
      assert.match(allEnglish(after.outcome).join(' '), /left alone\. Alex Weber is an administrator/);
      // It can be undone once that is over.
      administrators.delete(people.alex.id);
      await app.say(people.yuki, `undo ${about.ref}`);
      assert.equal((await app.settled(about.ref)).state, 'undone');
      assert.equal(users.get(people.alex.id)?.enabled, false);
    });
  });
});

describe('an undo under settings that have changed', () => {
  let made: MadeUp;
  let stage: Stage;
  const targets: readonly Target[] = [thing('invoices'), thing('logs')];
  beforeEach(async () => {
    made = madeUpAction();
    stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: { both: targets.map((target) => ['test.thing.close', target] as const) },
      recheckMs: 0,
      settings: { detection: { ...settings.detection, bounds: { ...settings.detection.bounds } } },
    });
  });
  afterEach(() => stage.close());
  const contained = async () => {
    const about = await stage.open();
    await stage.approve(about, 'both');
    return stage.run(about);
  };
  const change = (part: Partial<OperatorSettings>): void =>
    void Object.assign(stage.parts.world.settings, part);
  const { detection } = settings;

  it('leaves alone what they no longer allow to be touched, and undoes the rest', async () => {
    const about = await contained();
    change({ detection: { ...detection, bounds: { ...detection.bounds, buckets: ['inv*'] } } });
    await stage.undo(about);
    const after = await stage.run(about);

    assert.equal(after.state, 'contained');
    assert.deepEqual(made.calls.slice(2), ['-invoices']);
    assert.match(
      allEnglish(after.outcome).join(' '),
      /logs: left alone\. The operator's settings do not allow/,
    );
  });

  it('leaves alone everything of an action that they no longer allow', async () => {
    const about = await contained();
    change({ detection: { ...detection, bounds: { ...detection.bounds, actions: [] } } });
    await stage.undo(about);
    await stage.run(about);

    assert.deepEqual(made.calls, ['invoices', 'logs']);
  });

  it('looks at nothing in an account that is no longer listed: what is not seen is not undone', async () => {
    const about = await contained();
    change({ aws: { ...settings.aws, accounts: [] } });
    const { reads } = made;
    await stage.undo(about);
    const after = await stage.run(about);

    assert.equal(made.reads, reads);
    assert.equal(after.state, 'contained');
    assert.match(allEnglish(after.outcome).join(' '), /is not one of those that Countersign looks after/);
  });
});
