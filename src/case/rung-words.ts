// Why somebody is asked, or was passed over: who they are in the case, closed to a sentence.
import type { RouteRung } from './question.ts';
import { isPhrase, type Phrase, type Said, say, says } from './said.ts';

/** To follow "... but". */
export const BUT_UNREACHABLE: Phrase = say('route.but.unreachable');
export const BUT_APP_REMOVED: Phrase = say('route.but.app-removed');
export const BUT_NO_ACCOUNT: Phrase = say('route.but.no-account');

/** `who`: a message of `route.who`, "Kim is Alex's manager". */
export const asked = (who: Said): Phrase => say('route.asked', { who });

export const passedBy = (who: Said, but: Said): Phrase => say('route.asked-but', { who, but });

/** The same reason, of somebody who was not the nearest. */
export const askedFarther = (reason: Said): Said =>
  says(reason, 'route.asked') ? say('route.asked-farther', { ...reason.with }) : reason;

/** Of somebody who was asked and cannot be after all. */
export const passedAfterAll = (rung: RouteRung, but: Said): RouteRung => ({
  ...rung,
  outcome: 'passed-over',
  reason: passedBy(whoIn(rung.reason), but),
});

function whoIn(reason: Said): Said {
  if (typeof reason === 'string') return reason.replace(/\.$/, '');
  const who = says(reason, 'route.asked') || says(reason, 'route.asked-farther') ? reason.with?.who : reason;
  return typeof who === 'string' || isPhrase(who) ? who : reason;
}

/** It says that this person named whoever is asked. A reason from before there were messages is text. */
export function saysNamedBy(reason: Said, name: string): boolean {
  if (typeof reason === 'string') return reason.includes(`named by ${name}`);
  if (reason.say === 'route.who.named-by-person') return reason.with?.by === name;
  return Object.values(reason.with ?? {}).some((one) => isPhrase(one) && saysNamedBy(one, name));
}
