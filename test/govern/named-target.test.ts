// What the security team writes as a target: people by name, groups and apps by id, all of them looked up.
import assert from 'node:assert/strict';
import { namedTarget } from '../../src/govern/named-target.ts';
import type { DirectoryUser } from '../../src/ports/directory.ts';

const ALEX = '00000000-0000-4000-8000-000000000001';
const GROUP = '00000000-0000-4000-8000-0000000000b1';
const APP = '00000000-0000-4000-8000-0000000000c1';
const NAME = 'alex.weber@contoso.example';

describe('a target that somebody writes', () => {
  const asked: string[] = [];
  const parts = {
    directory: {
      findUser: async (who: string) => {
        asked.push(who);
        return [NAME, ALEX].includes(who)
          ? ({ id: ALEX, displayName: 'Alex Weber', userPrincipalName: NAME } as DirectoryUser)
          : null;
      },
    },
    groups: { find: async (id: string) => (id === GROUP ? { id, displayName: 'Finance' } : null) },
    consents: {
      findApp: async (id: string) =>
        id.toLowerCase() === APP ? { id: 'principal', displayName: 'Helper' } : null,
    },
  } as unknown as Parameters<typeof namedTarget>[1];
  const read = (written: string) => namedTarget(written, parts);
  beforeEach(() => {
    asked.length = 0;
  });

  it('is a person by principal name or object id, as the directory knows them', async () => {
    const alex = { kind: 'user', id: ALEX, label: 'Alex Weber', principalName: NAME };

    assert.deepEqual(await read(`user:${NAME}`), alex);
    assert.deepEqual(await read(`user:${ALEX}`), alex);
  });

  it('is a place in a group, or what somebody allowed an app, by their ids', async () => {
    const theirs = { user: ALEX, userLabel: 'Alex Weber', principalName: NAME };

    assert.deepEqual(await read(`membership:${NAME}:${GROUP}`), {
      ...{ kind: 'membership', ...theirs, label: 'Finance', group: GROUP },
    });
    assert.deepEqual(await read(`app-grant:${NAME}:${APP}`), {
      ...{ kind: 'app-grant', ...theirs, label: 'Helper', app: APP },
    });
  });

  it('is the same app however its id is written: two cases at work on it are kept apart by it', async () => {
    assert.deepEqual(
      await read(`app-grant:${NAME}:${APP.toUpperCase()}`),
      await read(`app-grant:${NAME}:${APP}`),
    );
  });

  for (const written of [
    'user:nobody@contoso.example',
    `user:${NAME}:${GROUP}`,
    `membership:${NAME}`,
    `membership:${NAME}:Finance`,
    `membership:${NAME}:${APP}`,
    `app-grant:${NAME}:${GROUP}`,
    'user:',
    'somebody',
  ])
    it(`is none where it reads ${written}`, async () => assert.equal(await read(written), null));

  it('is an Identity Center user whom the directory knows: a deny of a name that nobody has would be proven too', async () => {
    const role = 'AWSReservedSSO_Developer_0123456789abcdef';
    const session = { kind: 'sso-session', account: '123456789012', role };

    assert.deepEqual(await read(`sso-session:123456789012:${role}/${NAME}`), { ...session, user: NAME });
    assert.equal(await read(`sso-session:123456789012:${role}/alex.webber@contoso.example`), null);
  });

  it('is anything of AWS without asking the directory', async () => {
    assert.deepEqual(await read('aws-account:123456789012'), {
      kind: 'aws-account',
      account: '123456789012',
    });
    assert.deepEqual(asked, []);
  });
});
