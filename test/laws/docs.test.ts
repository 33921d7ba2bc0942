// Generated pages say what the code says, and what people read names nothing of the machine that it was written on.
import assert from 'node:assert/strict';
import { globSync, lstatSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { PAGES, renderPage } from '../../scripts/docs/index.ts';
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
  it('are exactly those of AWS that the actions declare, in the IAM policy', () => {
    const [statement, ...others] = JSON.parse(textOf('docs/iam-policy.json')).Statement;
    const declared = new Set([...ACTIONS.values()].flatMap((action) => action.permissions.aws ?? []));

    assert.deepEqual(others, []);
    assert.deepEqual(statement.Action, [...declared].sort());
    assert.doesNotMatch(JSON.stringify(statement), /"s3:\*"|"\*"/);
  });

  it('are the ones of Graph that actions and adapters name, each with what it is for', () => {
    const known = Object.keys(GRAPH_PERMISSIONS).sort();
    const declared = [...ACTIONS.values()].flatMap((action) => action.permissions.graph ?? []);
    const adapters = globSync('src/adapters/graph/*.ts', { cwd: root })
      .filter((file) => !file.endsWith('/permissions.ts'))
      .flatMap((file) =>
        [...textOf(file).matchAll(/'([A-Z][\w-]+(?:\.\w+)*\.(?:All|Send))'/g)].map((match) => match[1]),
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
