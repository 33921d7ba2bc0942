// Every generated page. A new one is a file here that exports `page` and `render`, and a line below.
import * as states from './states.ts';

export interface GeneratedPage {
  /** Path from the project's root. */
  readonly page: string;
  render(): string;
}

/** Stands at the top of a generated page, so that nobody mends it by hand. */
const NOTE = '<!-- Written by `npm run docs`. Change the code that it is drawn from. -->\n';

export const PAGES: readonly GeneratedPage[] = [states];

export const renderPage = (generated: GeneratedPage): string => NOTE + generated.render();
