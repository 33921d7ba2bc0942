// What one person allowed one app, counted as it is granted.
import assert from 'node:assert/strict';
import { permissionsOf } from '../../../src/govern/users/app-grants.ts';

const grant = (resource: string, scope: string) => ({ id: `${resource}-grant`, resource, scope });

describe('permissions of an app', () => {
  it('counts User.Read of two APIs as two', () => {
    const grants = [grant('graph', 'User.Read Mail.Read'), grant('other', 'User.Read')];

    assert.deepEqual([...permissionsOf({ grants, roles: [] })].sort(), [
      'Mail.Read',
      'User.Read',
      'User.Read',
    ]);
  });

  it('counts what one grant says twice once', () =>
    assert.deepEqual(permissionsOf({ grants: [grant('graph', ' User.Read  User.Read ')], roles: [] }), [
      'User.Read',
    ]));
});
