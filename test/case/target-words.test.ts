import assert from 'node:assert/strict';
import { RESOURCE_NOUNS } from '../../src/case/resource-nouns.ts';
import type { Target } from '../../src/case/target.ts';
import { targetSaid } from '../../src/case/target-words.ts';
import { resourceNamed } from '../../src/ingest/sources/cloudtrail-naming.ts';
import { english, inLanguage } from '../helpers/english.ts';

const HERE = { service: 'ec2', account: '123456789012', region: 'eu-central-1' };
const USER = '00000000-0000-4000-8000-000000000001' as never;
const APP = '00000000-0000-4000-8000-00000000000a';

describe('What a resource is called', () => {
  it('is in English what its label says, with every noun there is', () => {
    for (const noun of RESOURCE_NOUNS.keys()) {
      const target = resourceNamed(noun, 'a name-1', HERE);

      assert.notEqual(typeof targetSaid(target), 'string', noun);
      assert.equal(english(targetSaid(target)), target.label);
    }
  });

  for (const [noun, name, german, french, spanish] of [
    [
      'security group',
      'sg-1',
      'Sicherheitsgruppe sg-1',
      'groupe de sécurité sg-1',
      'grupo de seguridad sg-1',
    ],
    [
      'route table',
      'rtb-1',
      'Routing-Tabelle rtb-1',
      'table de routage rtb-1',
      'tabla de enrutamiento rtb-1',
    ],
    ['trail', 'main', 'Trail main', 'journal de suivi main', 'registro de seguimiento main'],
    ['user', 'alex', 'Benutzer alex', 'utilisateur alex', 'usuario alex'],
    ['VPC', 'vpc-1', 'VPC vpc-1', 'VPC vpc-1', 'VPC vpc-1'],
  ] as const)
    it(`is ${german} to whoever reads German, and so on`, () => {
      const said = targetSaid(resourceNamed(noun, name, HERE));

      assert.deepEqual(
        (['de', 'fr', 'es'] as const).map((language) => inLanguage(language, said)),
        [german, french, spanish],
      );
    });

  it('names the same of another account, of AWS, and where names are global', () => {
    const policy = resourceNamed('policy', 'arn:aws:iam::aws:policy/AdministratorAccess', HERE);

    assert.equal(inLanguage('de', targetSaid(policy)), 'Richtlinie AdministratorAccess');
  });

  it('is cut as its label is', () => {
    const target = resourceNamed('database cluster snapshot', 'x'.repeat(3_000), HERE);

    assert.equal(english(targetSaid(target)), target.label);
  });

  for (const [what, target] of [
    ['a noun that nobody knows', resourceNamed('qubit', '7', HERE)],
    ['somebody whose name begins like one', { kind: 'resource', id: 'role model', label: 'role model' }],
    ['what stands in for it', { kind: 'resource', id: 'arn:aws:sts::1:x/key/a/b', label: 'x/key/a/b' }],
  ] as const)
    it(`is its label for ${what}`, () => assert.equal(targetSaid(target), target.label));

  it('is an account, its root user, or a key of a user that was only tried', () => {
    const resource = (id: string, label: string): Target => ({ kind: 'resource', id, label });
    const key = 'AKIAIOSFODNN7EXAMPLE';

    assert.deepEqual(
      [
        resource('account/123456789012', 'account 123456789012'),
        resource('iam/root/123456789012', 'root user of account 123456789012'),
        resource(`iam/access-key/123456789012//${key}`, `access key ${key} of alex`),
      ].map((target) => inLanguage('de', targetSaid(target))),
      ['Konto 123456789012', 'Root-Benutzer des Kontos 123456789012', `Zugriffsschlüssel ${key} von alex`],
    );
  });
});

describe('What an app or a group is called', () => {
  it('is its name, and its id where it has none', () => {
    assert.equal(targetSaid({ kind: 'app', id: APP, label: 'app store' }), 'app store');
    assert.equal(
      inLanguage('fr', targetSaid({ kind: 'app', id: APP, label: `app ${APP}` })),
      `application ${APP}`,
    );
    assert.equal(
      inLanguage('de', targetSaid({ kind: 'group', id: APP, label: `group ${APP}` })),
      `Gruppe ${APP}`,
    );
  });

  it('is the same beside a person', () => {
    const person = { user: USER, userLabel: 'Alex' };
    const named: Target = { kind: 'membership', ...person, group: APP, label: 'Finance' };
    const unnamed: Target = { kind: 'app-grant', ...person, app: APP, label: `app ${APP}` };

    assert.equal(english(targetSaid(named)), 'Alex: Finance');
    assert.equal(english(targetSaid(unnamed)), `Alex: app ${APP}`);
    assert.equal(inLanguage('es', targetSaid(unnamed)), `Alex: aplicación ${APP}`);
  });
});
