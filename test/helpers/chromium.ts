// The browser for suites that need one. A suite without it is skipped, and with CI=true it fails.
import { findChromium } from '../../src/adapters/cards-preview/find-chromium.ts';

/** Path of the browser binary. Call it in a `before(function () { ... })` hook with its `this`. */
export function needChromium(context: Mocha.Context): string {
  const found = findChromium(process.env.CHROMIUM_PATH);
  if (found) return found;
  if (process.env.CI === 'true') throw new Error('Chromium is missing: install it, or set CHROMIUM_PATH.');
  return context.skip();
}

/** What Chromium must be told in containers, and so that it calls nobody at home. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
