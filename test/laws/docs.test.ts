// Generated pages say what the code says.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PAGES, renderPage } from '../../scripts/docs/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('generated documentation', () => {
  for (const generated of PAGES)
    it(`is fresh: ${generated.page}`, () => {
      assert.equal(readFileSync(root + generated.page, 'utf8'), renderPage(generated), 'run: npm run docs');
    });

  it('lists every generator in the folder', () => {
    const folder = `${root}scripts/docs/`;
    const generators = readdirSync(folder).filter((file) =>
      readFileSync(folder + file, 'utf8').includes('export const page ='),
    );

    assert.equal(PAGES.length, generators.length, `scripts/docs holds ${generators.join(', ')}`);
  });
});
