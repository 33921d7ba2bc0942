// Generated pages say what the code says, and what people read names nothing of the machine that it was written on.
import assert from 'node:assert/strict';
import { globSync, lstatSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { accountStatements, type Statement } from '../../scripts/docs/iam-policy.ts';
import { PAGES, renderPage } from '../../scripts/docs/index.ts';
import { AWS_READS } from '../../src/adapters/aws/permissions.ts';
import { GRAPH_PERMISSIONS } from '../../src/adapters/graph/permissions.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['appPackage', 'bench', 'bin', 'cards', 'docs', 'policies', 'scripts', 'src', 'test'];
const textOf = (file: string): string => readFileSync(root + file, 'utf8');

describe('generated documentation', () => {
  for (const generated of PAGES)
    it(`is fresh: ${generated.page}`, async () => {
      assert.equal(textOf(generated.page), await renderPage(generated), 'run: npm run docs');
    });

  it('lists every generator in the folder, each with a page of its own', async () => {
    const files = globSync('scripts/docs/*.ts', { cwd: root }).filter((file) => !file.endsWith('index.ts'));
    const modules = await Promise.all(files.map((file) => import(root + file)));
    const pages = modules.flatMap((one) => (typeof one.page === 'string' ? [one.page] : []));

    assert.deepEqual(PAGES.map((one) => one.page).sort(), pages.sort());
    assert.equal(new Set(pages).size, pages.length);
  });
});

describe('the permissions that an administrator grants', () => {
  const statementsOf = (file: string): readonly Statement[] => JSON.parse(textOf(file)).Statement;
  const allowedIn = (file: string): readonly string[] =>
    statementsOf(file).flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : []));
  const ACCOUNT = 'docs/iam-policy.json';
  const MANAGEMENT = 'docs/iam-policy-management.json';

  it('are exactly those of AWS that actions declare and the look at buckets needs: of an account, and of the organisation', () => {
    const declared = new Set([
      ...Object.keys(AWS_READS),
      ...[...ACTIONS.values()].flatMap((action) => action.permissions.aws ?? []),
    ]);

    assert.deepEqual([...allowedIn(ACCOUNT), ...allowedIn(MANAGEMENT)].sort(), [...declared].sort());
    assert.ok(allowedIn(MANAGEMENT).every((one) => one.startsWith('organizations:')));
    assert.ok(!allowedIn(ACCOUNT).some((one) => one.startsWith('organizations:')));
    for (const permission of declared) assert.match(permission, /^[a-z0-9]+:[A-Z]\w+$/);
  });

  it('reach as far as they must: only lists and new policies are about everything', () => {
    const unlimited = [...statementsOf(ACCOUNT), ...statementsOf(MANAGEMENT)]
      .filter(({ Resource }) => [Resource].flat().includes('*'))
      .flatMap(({ Action }) => Action)
      .filter((one) => !/^organizations:(List|Describe|Create)/.test(one));

    for (const permission of unlimited)
      assert.match(permission, /^s3:(ListAllMyBuckets|\w+AccountPublicAccessBlock)$/);
  });

  it('never reach Countersign’s own role, nor roles that AWS owns', () => {
    const permissions = [
      'iam:GetRole',
      'iam:GetUser',
      'iam:DeleteRolePolicy',
      'iam:PutRolePolicy',
      'iam:UpdateAccessKey',
    ];

    const [users, roles, never, ...others] = accountStatements(permissions);

    assert.deepEqual(others, []);
    assert.deepEqual([users?.Resource, roles?.Resource], ['arn:aws:iam::*:user/*', 'arn:aws:iam::*:role/*']);
    assert.deepEqual(users?.Action, ['iam:GetUser', 'iam:UpdateAccessKey']);
    assert.deepEqual(
      [never?.Effect, never?.Action],
      ['Deny', ['iam:DeleteRolePolicy', 'iam:PutRolePolicy', 'iam:UpdateAccessKey']],
    );
    const [, role] = /roleArn: arn:aws:iam::\d+:(role\/\S+)/.exec(textOf('settings.example.yml')) ?? [];
    for (const one of [role, 'role/aws-reserved/*', 'role/aws-service-role/*'])
      assert.ok(never?.Resource.includes(`arn:aws:iam::*:${one}`), one);
  });

  it('are not given to a permission before somebody said what it is about', () => {
    assert.throws(() => accountStatements(['ec2:StopInstances']), /which resources/);
  });

  it('are the ones of Graph that actions and adapters name, each with what it is for', () => {
    const known = Object.keys(GRAPH_PERMISSIONS).sort();
    const declared = [...ACTIONS.values()].flatMap((action) => action.permissions.graph ?? []);
    const adapters = globSync('src/adapters/graph/*.ts', { cwd: root })
      .filter((file) => !file.endsWith('/permissions.ts'))
      .flatMap((file) =>
        [...textOf(file).matchAll(/'([A-Z][\w-]+(?:\.\w+)*\.(?:All|Send|Read))'/g)].map((match) => match[1]),
      );

    assert.deepEqual([...new Set([...declared, ...adapters])].sort(), known);
    for (const permission of known) assert.ok(textOf('docs/permissions.md').includes(`\`${permission}\``));
  });
});

describe('what people read', () => {
  const files = globSync(['*.*', '.env.example', '.ci/*', ...FOLDERS.map((folder) => `${folder}/**/*.*`)], {
    cwd: root,
  }).filter((file) => !/\.(png|svg)$/.test(file) && lstatSync(root + file).isFile());
  /** This clone's folder and this user's home, wherever that is; `/root` is a word of its own. */
  const here = [root.replace(/\/$/, ''), homedir()].filter((path) => path.length > 5);
  const somebodysHome = /(?:^|[\s"'`(=])(?:\/home\/|\/Users\/|[A-Z]:\\Users\\)[\w.-]+/m;

  it('names no path of the machine that it was written on', () => {
    const telling = files.filter(
      (file) => here.some((path) => textOf(file).includes(path)) || somebodysHome.test(textOf(file)),
    );

    assert.ok(files.length > 100, 'the files were found');
    assert.deepEqual(telling, []);
  });

  it('links to nothing that is not there', () => {
    const dead = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...textOf(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
          .map((match) => new URL(match[1] ?? '', `file://${root}${file}`))
          .filter((url) => globSync(fileURLToPath(url)).length === 0)
          .map((url) => `${file} -> ${url.pathname}`),
      );

    assert.deepEqual(dead, []);
  });
});
