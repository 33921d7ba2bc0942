// Where a Chromium (or a browser built on it) lies on this machine. Looks at usual places only and starts nothing.
import { existsSync } from 'node:fs';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The browser's path, or null. `preferred` (what CHROMIUM_PATH says) is taken or refused, never passed over. */
export function findChromium(preferred?: string): string | null {
  const places = preferred ? [preferred] : USUAL_PLACES;
  return places.find((place) => existsSync(place)) ?? null;
}
