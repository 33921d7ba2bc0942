// What the page says, by how the sign-in ended.
import { say } from '../../case/said.ts';
import type { Words } from './page.ts';

const NOTHING_DONE = say('sign-in.nothing-done');
const NOT_ME = say('sign-in.not-me');
const ADMINISTRATOR = say('sign-in.administrator');
const IN_A_MINUTE = say('sign-in.in-a-minute');

/** The name is what the directory has: hostile text, which the page escapes. */
export const THANKS = (name: string, ref: string, freshForMs: number): Words => {
  const age = { ms: freshForMs };
  return {
    title: name ? say('sign-in.thanks.title', { name: name.slice(0, 100) }) : say('sign-in.thanks.nameless'),
    lines: [
      ref ? say('sign-in.thanks.go-back-to-case', { ref, age }) : say('sign-in.thanks.go-back', { age }),
      say('sign-in.thanks.decided-nothing'),
      NOT_ME,
    ],
  };
};

export const WORDS = {
  over: {
    status: 400,
    title: say('sign-in.over.title'),
    lines: [say('sign-in.over.why'), say('sign-in.over.if-thanked')],
  },
  declined: {
    status: 403,
    title: say('sign-in.declined.title'),
    lines: [say('sign-in.declined.why'), NOTHING_DONE, NOT_ME],
  },
  void: {
    status: 400,
    title: say('sign-in.over.title'),
    lines: [say('sign-in.void.why'), NOTHING_DONE],
  },
  ours: {
    status: 500,
    title: say('sign-in.ours.title'),
    lines: [say('sign-in.ours.why'), ADMINISTRATOR, NOTHING_DONE],
  },
  unreachable: {
    status: 503,
    title: say('sign-in.unreachable.title'),
    lines: [IN_A_MINUTE, NOTHING_DONE],
  },
  unkept: {
    status: 503,
    title: say('sign-in.unkept.title'),
    lines: [IN_A_MINUTE, NOTHING_DONE],
  },
  untrue: {
    status: 403,
    title: say('sign-in.not-accepted.title'),
    lines: [say('sign-in.untrue.why'), NOTHING_DONE],
  },
  'other-tenant': {
    status: 403,
    title: say('sign-in.other-tenant.title'),
    lines: [say('sign-in.other-tenant.what-next'), NOTHING_DONE],
  },
  nobody: {
    status: 403,
    title: say('sign-in.not-accepted.title'),
    lines: [say('sign-in.nobody.why'), NOTHING_DONE],
  },
  'no-auth-time': {
    status: 500,
    title: say('sign-in.no-auth-time.title'),
    lines: [ADMINISTRATOR, NOTHING_DONE],
  },
  'not-fresh': {
    status: 403,
    title: say('sign-in.not-fresh.title'),
    lines: [say('sign-in.not-fresh.what-next'), NOTHING_DONE],
  },
  'too-long': { status: 414, title: say('sign-in.too-long'), lines: [NOTHING_DONE] },
  broken: { status: 500, title: say('sign-in.broken'), lines: [IN_A_MINUTE, NOTHING_DONE] },
} as const satisfies Readonly<Record<string, Words & { readonly status: number }>>;
