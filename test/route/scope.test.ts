// Whose deeds a policy looks at: judged from the record where it can be, left to the directory where it cannot.
import assert from 'node:assert/strict';
import type { Alert, AwsIdentity } from '../../src/case/alert.ts';
import type { SubjectHint } from '../../src/case/case.ts';
import type { PolicyScope } from '../../src/case/settings.ts';
import { isPersonInScope, judgeScope, type ScopeRuling } from '../../src/route/scope.ts';
import { anAlert } from '../helpers/alerts.ts';

const ALEX = '00000000-0000-4000-8000-000000000001';
const ALEX_UPN = 'alex.weber@contoso.example';
const GROUP = '00000000-0000-4000-8000-0000000000f1';
const ROLE = 'arn:aws:iam::123456789012:role/Pipeline';
const USER = 'arn:aws:iam::123456789012:user/alex';
const ROOT = 'arn:aws:iam::123456789012:root';

const people = (over: Partial<PolicyScope>): PolicyScope => ({
  ...{ accounts: [], regions: [], networks: [], users: [], groups: [] },
  ...over,
});
const known: SubjectHint = { kind: 'entra', id: ALEX_UPN };
const unknown: SubjectHint = { kind: 'unknown', reason: 'nobody knows' };
const by = (identity: AwsIdentity, more: Partial<Alert> = {}): Alert => anAlert({ identity, ...more });
const pipeline = by({
  type: 'AssumedRole',
  roleArn: ROLE,
  arn: 'arn:aws:sts::123456789012:assumed-role/Pipeline/run-7',
});
const iamUser = by({ type: 'IAMUser', arn: USER });
type Scope = { readonly only?: PolicyScope; readonly except?: PolicyScope };
const rule = (scope: Scope, alert: Alert, hint: SubjectHint): ScopeRuling['kind'] =>
  judgeScope(scope, alert, hint).kind;

describe('the scope of a policy, from the record alone', () => {
  const named = people({ users: [ALEX_UPN.toUpperCase()] });
  const role = people({ users: [ROLE] });
  const group = people({ groups: [GROUP] });
  const byId = people({ users: [ALEX] });

  const rows: readonly (readonly [string, Scope, Alert, SubjectHint, ScopeRuling['kind']])[] = [
    ['nobody in particular', {}, iamUser, unknown, 'in'],
    ['accounts only', { only: people({ accounts: ['999999999999'] }) }, iamUser, known, 'in'],
    ['only a person, whom the record names', { only: named }, iamUser, known, 'in'],
    ['except a person, whom the record names', { except: named }, iamUser, known, 'out'],
    ['only a role, and it is that role', { only: role }, pipeline, unknown, 'in'],
    ['only a role, and it is another', { only: role }, iamUser, unknown, 'out'],
    ['except a role, and it is that role', { except: role }, pipeline, unknown, 'out'],
    ['except a role, and it is another', { except: role }, iamUser, known, 'in'],
    ['only an IAM user', { only: people({ users: [USER] }) }, iamUser, unknown, 'in'],
    ['only a group', { only: group }, iamUser, known, 'ask-directory'],
    ['except a group', { except: group }, iamUser, known, 'ask-directory'],
    [
      'a person by id, where the record has their principal name',
      { only: byId },
      iamUser,
      known,
      'ask-directory',
    ],
    ['only a group, and nobody knows who it was', { only: group }, iamUser, unknown, 'in'],
    ['except a group, and nobody knows who it was', { except: group }, iamUser, unknown, 'in'],
    ['only a person, and nobody knows who it was', { only: named }, pipeline, unknown, 'in'],
    ['only a role, except a person', { only: role, except: named }, pipeline, known, 'out'],
    [
      'only a group or a role, and it is the role',
      { only: people({ users: [ROLE], groups: [GROUP] }) },
      pipeline,
      known,
      'in',
    ],
  ];
  for (const [what, scope, alert, hint, expected] of rows)
    it(`${{ in: 'is kept to', out: 'leaves out', 'ask-directory': 'waits for the directory with' }[expected]}: ${what}`, () =>
      assert.equal(rule(scope, alert, hint), expected));

  it('leaves to the directory only what is not settled', () => {
    const ruling = judgeScope({ only: role, except: group }, pipeline, known);

    assert.deepEqual(ruling, {
      kind: 'ask-directory',
      scope: { except: { users: [], groups: [GROUP] } },
    });
  });

  it('believes no name that was typed at a sign-in which was refused', () => {
    const refused = by({ type: 'Root', arn: ROOT }, { attempt: true, event: { eventName: 'ConsoleLogin' } });

    assert.equal(rule({ except: people({ users: [ROOT] }) }, refused, unknown), 'in');
    assert.equal(rule({ only: people({ users: [USER] }) }, refused, unknown), 'in');
  });
});

describe('the scope of a policy, once the person is known', () => {
  const person = { id: ALEX, userPrincipalName: 'Alex.Weber@contoso.example' };
  const inGroup = async (): Promise<boolean> => true;
  const inNone = async (): Promise<boolean> => false;
  const notAsked = async (): Promise<boolean> => assert.fail('asked about groups for nothing');
  const group = people({ groups: [GROUP] });

  it('takes a person by object id and by principal name', async () => {
    assert.equal(await isPersonInScope({ only: people({ users: [ALEX] }) }, person, notAsked), true);
    assert.equal(await isPersonInScope({ except: people({ users: [ALEX_UPN] }) }, person, notAsked), false);
    assert.equal(await isPersonInScope({ only: people({ users: [ROLE] }) }, person, notAsked), false);
  });

  it('takes membership of a group for the same as a name', async () => {
    assert.equal(await isPersonInScope({ only: group }, person, inGroup), true);
    assert.equal(await isPersonInScope({ only: group }, person, inNone), false);
    assert.equal(await isPersonInScope({ except: group }, person, inGroup), false);
    assert.equal(await isPersonInScope({ except: group }, person, inNone), true);
    const either = people({ users: [ALEX], groups: [GROUP] });
    assert.equal(await isPersonInScope({ only: either }, person, notAsked), true);
  });

  it('has an exception win over what is included', async () => {
    const scope = { only: people({ users: [ALEX] }), except: group };

    assert.equal(await isPersonInScope(scope, person, inGroup), false);
  });
});
