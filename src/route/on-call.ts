// Who of the security team is asked in their own chat, beside the channel: the first on call who can be, and is there.
import { awaitsOf, type Decision } from '../case/case.ts';
import type { RouteRung } from '../case/question.ts';
import { say } from '../case/said.ts';
import { namedOnes } from './candidates.ts';
import { consider, type Found } from './find-people.ts';
import type { Inquiry } from './inquiry.ts';

export async function findOnCall(
  inquiry: Inquiry,
): Promise<{ readonly onCall: Found | null; readonly passed: readonly RouteRung[] }> {
  const { about, parts, asked } = inquiry;
  const said = about.decisions.slice(about.decidedBefore ?? 0).filter(isSignature);
  // Whoever has given the first of two signatures is not asked for the second.
  const rested = new Set<string>([...asked, ...said.map(({ by }) => by.id)]);
  const passed: RouteRung[] = [];
  for (const id of parts.settings.security.onCall) {
    if (rested.has(id)) continue;
    const [candidate] = await namedOnes(
      [id],
      'on-call',
      (name) => say('route.who.on-call', { name }),
      inquiry,
    );
    if (!candidate) continue;
    const one = await consider(candidate, inquiry);
    passed.push(...one.passed);
    if (one.found?.person.as === 'on-call') return { onCall: one.found, passed };
  }
  return { onCall: null, passed };
}

const isSignature = (decision: Decision): boolean =>
  awaitsOf(decision) !== undefined || decision.verb === 'dismiss';
