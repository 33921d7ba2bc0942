// What the page says, by how the sign-in ended.
import type { Words } from './page.ts';

const NOTHING_DONE = 'Nothing was decided, and nothing was changed.';
const NOT_ME =
  'If you pressed no button in Teams just now, tell your security team that somebody sent you here.';
const ADMINISTRATOR = 'Tell an administrator of Countersign: this page’s set-up is described in its README.';

/** The name is what the directory has: hostile text, which the page escapes. */
export const THANKS = (name: string, ref: string, freshFor: string): Words => ({
  title: name ? `Thank you, ${name.slice(0, 100)}` : 'Thank you',
  lines: [
    `Go back to Teams and press the button${ref ? ` of case ${ref}` : ''} again within ${freshFor}.`,
    'Signing in decided nothing yet: the button does.',
    NOT_ME,
  ],
});

export const WORDS = {
  over: {
    status: 400,
    title: 'This sign-in is over',
    lines: [
      'It was used already, took longer than 10 minutes, or was begun in another browser or tab.',
      'If you were thanked before, it counts: go back to Teams and press the button again.',
    ],
  },
  declined: {
    status: 403,
    title: 'You were not signed in',
    lines: ['The sign-in was cancelled, or your organisation refused it.', NOTHING_DONE, NOT_ME],
  },
  void: {
    status: 400,
    title: 'This sign-in is over',
    lines: ['Microsoft takes each sign-in once, and this one is used or too old.', NOTHING_DONE],
  },
  ours: {
    status: 500,
    title: 'Signing in is not set up rightly',
    lines: ['Microsoft does not accept this application.', ADMINISTRATOR, NOTHING_DONE],
  },
  unreachable: {
    status: 503,
    title: 'Microsoft’s sign-in cannot be reached',
    lines: ['Try again in a minute.', NOTHING_DONE],
  },
  unkept: {
    status: 503,
    title: 'Your sign-in could not be kept',
    lines: ['Try again in a minute.', NOTHING_DONE],
  },
  untrue: {
    status: 403,
    title: 'This sign-in was not accepted',
    lines: ['What came back from the sign-in could not be trusted.', NOTHING_DONE],
  },
  'other-tenant': {
    status: 403,
    title: 'This sign-in is of another organisation',
    lines: ['Sign in with the account that you use in Teams.', NOTHING_DONE],
  },
  nobody: {
    status: 403,
    title: 'This sign-in was not accepted',
    lines: ['It does not say who you are.', NOTHING_DONE],
  },
  'no-auth-time': {
    status: 500,
    title: 'Your sign-in does not say when it was',
    lines: [ADMINISTRATOR, NOTHING_DONE],
  },
  'not-fresh': {
    status: 403,
    title: 'This sign-in is an earlier one',
    lines: ['It takes a sign-in of just now: sign in again with your password or passkey.', NOTHING_DONE],
  },
} as const satisfies Readonly<Record<string, Words & { readonly status: number }>>;
