// `npm run docs`: writes every generated page anew. A law test fails while one of them is stale.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PAGES, renderPage } from './docs/index.ts';

for (const generated of PAGES) {
  const file = fileURLToPath(new URL(`../${generated.page}`, import.meta.url));
  writeFileSync(file, await renderPage(generated));
  console.log(generated.page);
}
