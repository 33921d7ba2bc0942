// A browser without a screen on its way through the sign-in page: it keeps cookies as browsers do, and follows nothing by itself.
import assert from 'node:assert/strict';
import type { Person } from '../../src/sandbox/people.ts';

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it sends on to; empty where it does not. */
  readonly location: string;
}

export interface SignInBrowser {
  readonly cookies: Map<string, string>;
  open(url: string): Promise<Seen>;
  /** From the link to the address that the login sends back to, which is not opened yet. */
  signInAs(person: Person, link: string, more?: Readonly<Record<string, string>>): Promise<string>;
}

export function createBrowser(cookies = new Map<string, string>()): SignInBrowser {
  const browser: SignInBrowser = {
    cookies,
    async open(url) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} });
      for (const line of response.headers.getSetCookie()) {
        const [pair = '', ...rules] = line.split('; ');
        const [name = '', value = ''] = pair.split(/=(.*)/s);
        if (rules.includes('Max-Age=0')) cookies.delete(name);
        else cookies.set(name, value);
      }
      const location = response.headers.get('location') ?? '';
      return { status: response.status, headers: response.headers, text: await response.text(), location };
    },
    async signInAs(person, link, more = {}) {
      const begun = await browser.open(link);
      assert.equal(begun.status, 302, begun.text);
      return signInAt(begun.location, { sandbox_person: person.id, ...more });
    },
  };
  return browser;
}

/** Picks at the login, and answers where it sends back to. A value of '' takes a part of the address away. */
export async function signInAt(address: string, picked: Readonly<Record<string, string>>): Promise<string> {
  const url = new URL(address);
  for (const [name, value] of Object.entries(picked))
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  const response = await fetch(url, { redirect: 'manual' });
  assert.equal(response.status, 302, await response.text());
  return response.headers.get('location') ?? assert.fail();
}

/** The link that a card offers. */
export function linkOn(card: unknown): string | undefined {
  return /"url":"([^"]*\/sign-in\?for=[^"]*)"/.exec(JSON.stringify(card))?.[1];
}
