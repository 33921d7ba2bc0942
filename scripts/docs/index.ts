// Every generated page. A new one is a file here that exports `page` and `render`, and a line below.
import * as actions from './actions.ts';
import * as iamPolicy from './iam-policy.ts';
import * as iamPolicyManagement from './iam-policy-management.ts';
import * as permissions from './permissions.ts';
import * as policies from './policies.ts';
import * as states from './states.ts';

export interface GeneratedPage {
  /** Path from the project's root. */
  readonly page: string;
  render(): string | Promise<string>;
}

/** Stands at the top of a generated page, so that nobody mends it by hand. JSON has no place for it. */
const NOTE = '<!-- Written by `npm run docs`. Change the code that it is drawn from. -->\n';

export const PAGES: readonly GeneratedPage[] = [
  actions,
  iamPolicy,
  iamPolicyManagement,
  permissions,
  policies,
  states,
];

export const renderPage = async (generated: GeneratedPage): Promise<string> =>
  (generated.page.endsWith('.md') ? NOTE : '') + (await generated.render());
