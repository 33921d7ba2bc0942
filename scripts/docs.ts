// `npm run docs`: writes every generated page, and the sample data of the cards, anew. A law test fails while one of them is stale.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { samplesIn } from './cards/samples.ts';
import { PAGES, renderPage } from './docs/index.ts';

for (const generated of PAGES) {
  const file = fileURLToPath(new URL(`../${generated.page}`, import.meta.url));
  writeFileSync(file, await renderPage(generated));
  console.log(generated.page);
}
for (const [name, { data }] of Object.entries(samplesIn('en'))) {
  const file = fileURLToPath(new URL(`../cards/${name}.data.json`, import.meta.url));
  writeFileSync(file, `${JSON.stringify(data, null, 2)}\n`);
}
