// Whatever is done about a person: protected accounts are left alone, by list, by role and as our own; and so are those gone.
import assert from 'node:assert/strict';
import type { OperatorSettings } from '../../../src/case/settings.ts';
import { ACTIONS } from '../../../src/govern/actions/index.ts';
import { settings } from '../../helpers/cases.ts';
import { SUSPECT } from '../../helpers/fake-world.ts';
import { ALEX, GROUP, offered, reasonOf, tryOut } from '../actions/scene.ts';
import { SAMPLES } from '../actions/user-actions.ts';

const mailFrom = (name: string): Partial<OperatorSettings> => ({
  users: { ...settings.users, restrictDownloadsGroup: GROUP, mailFrom: name },
});

describe('accounts that are left alone', () => {
  it('are tried with every action on users that there is', () => {
    const kinds = ['user', 'membership', 'app-grant'];
    const all = [...ACTIONS.values()].filter((one) => kinds.includes(one.targetKind)).map(({ id }) => id);

    assert.deepEqual([...new Set(SAMPLES.map(({ action }) => action.id))].sort(), all.sort());
  });

  for (const { name, action, target, scene } of SAMPLES)
    describe(name, () => {
      it('is offered for an ordinary account', async () => {
        offered(await tryOut(action, target, scene()).plan());
      });

      it('is refused for an account that has gone, and says so', async () => {
        const gone = scene();
        gone.state.users.delete(ALEX);

        assert.equal(
          reasonOf(await tryOut(action, target, gone).plan()),
          'There is no account of Alex Weber any more.',
        );
      });

      if (action.informs) return;

      it('is refused for an account that the settings protect', async () => {
        assert.equal(
          reasonOf(await tryOut(action, target, scene({ protectedUsers: [ALEX] })).plan()),
          'The account of Alex Weber is protected by the settings.',
        );
      });

      it('is refused for an administrator', async () => {
        const administrator = scene();
        administrator.state.administrators.add(ALEX);

        assert.match(
          reasonOf(await tryOut(action, target, administrator).plan()),
          /^Alex Weber is an administrator: /,
        );
      });

      for (const named of [ALEX, SUSPECT.userPrincipalName, SUSPECT.userPrincipalName.toUpperCase()])
        it(`is refused for the mailbox that Countersign writes from, named as ${named}`, async () => {
          assert.match(
            reasonOf(await tryOut(action, target, scene(mailFrom(named))).plan()),
            /is one of Countersign's own/,
          );
        });

      it('is offered where Countersign writes from somebody else', async () => {
        offered(await tryOut(action, target, scene(mailFrom('it@contoso.example'))).plan());
      });

      it('is not planned where it cannot be known whether somebody is an administrator', async () => {
        const { world } = scene();
        const directory = { ...world.directory, isAdministrator: () => Promise.reject(new Error('down')) };

        await assert.rejects(action.read(target, { ...world, directory }), /down/);
      });
    });
});
