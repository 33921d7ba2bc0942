// What a record of the governance log says, in English sentences: read off the entry, and of the run only what was shown before it.
import type { Json, JsonObject } from '../case/json.ts';
import type { Run } from '../case/run.ts';
import type { Said } from '../case/said.ts';
import type { AuditEntry } from '../ports/audit-trail.ts';
import type { GovernanceEvent } from './governance-events.ts';

/** `run`: null where there is none, or who it is about was erased. */
export function saysOf(
  event: GovernanceEvent,
  { kind, facts, personal }: AuditEntry,
  run: Run | null,
  write: (said: Said) => string,
): readonly string[] {
  const noted = objectOf(personal?.personal);
  const shown = (run?.shown?.says ?? []).map(write);
  switch (event) {
    case 'asked':
    case 'watched':
      return askedWords(event, noted);
    case 'told':
      return [kind === 'security.told' ? 'The security team was told.' : toldWords(facts)];
    case 'decided':
      return [decidedWords(facts, noted), ...signatureWords(facts, noted), ...texts(noted.comment)];
    case 'stated':
      return [facts.was === 'me' ? 'It was me.' : 'It was not me.', ...texts(noted.comment)];
    case 'refused':
      return [[...texts(facts.verb), ...texts(facts.code)].join(': ')];
    case 'excepted':
      return [
        `${texts(facts.exception)}: until ${texts(facts.until)}, ${texts(noted.says)}`,
        ...texts(noted.comment),
      ];
    case 'revoked':
      return [...texts(facts.exception), `held back ${Number(facts.held)}`];
    case 'delegated':
      return [delegatedWords(kind, facts, noted)];
    case 'waiting':
      return waitingWords(kind, facts, texts(noted.says));
    case 'started':
      return shown;
    case 'done':
      return ['Accepted; what it changed is looked at next.'];
    case 'dry-run':
      return [...texts(noted.says), ...shown];
    case 'undo-started':
      return [facts.anyway === true ? 'Puts it back over what was changed since.' : 'Puts it back.'];
    case 'erased':
      return [`Erased what named people, in ${Array.isArray(facts.seqs) ? facts.seqs.length : 0} entries.`];
    default:
      return [...texts(noted.say), ...texts(noted.says), ...texts(facts.reason), ...texts(noted.operator)];
  }
}

/** Whom, why, and what each button would have done. Of somebody asked besides, only whom and why. */
function askedWords(event: 'asked' | 'watched', noted: JsonObject): readonly string[] {
  const question = objectOf(noted.question);
  const approver = objectOf(question.approver ?? noted.approver);
  const whom = approver.kind === 'security' ? ['The security team'] : texts(approver.name);
  const why = [...whom, ...texts(question.reason ?? noted.says)].join(': ');
  const offers = Array.isArray(question.offers) ? question.offers.map(objectOf) : [];
  return [
    ...(event === 'watched' ? ['Nobody was asked; this one would have been.'] : []),
    why || '(erased)',
    ...offers.flatMap(({ label, actions }) =>
      (Array.isArray(actions) ? actions.map(objectOf) : []).flatMap(({ says }) =>
        texts(says).map((sentence) => `${String(label)}: ${sentence}`),
      ),
    ),
  ];
}

const toldWords = ({ way }: JsonObject): string =>
  `The person in question was asked${way ? ` by ${String(way)}` : ''}.`;

function decidedWords({ verb, offer, anyway, onTimeOut }: JsonObject, noted: JsonObject): string {
  const to = texts(objectOf(noted.to).name);
  const words = [verb, offer, anyway ? 'anyway' : null, ...to.map((name) => `to ${name}`)]
    .filter(Boolean)
    .join(' ');
  return onTimeOut ? `${words}, as nobody had answered in time` : words;
}

/** Of an answer that had no effect before a second person gave the same. */
function signatureWords({ awaits, firstSignature }: JsonObject, noted: JsonObject): readonly string[] {
  if (awaits) return [['a signature, which decides nothing by itself', ...texts(noted.awaits)].join(': ')];
  return firstSignature ? ['first signature, a second person has to confirm it'] : [];
}

const delegatedWords = (kind: string, { until }: JsonObject, { toName }: JsonObject): string =>
  kind === 'delegation.set'
    ? `Until ${String(until)}, ${texts(toName).join() || '(erased)'} answers instead.`
    : 'Answers in person again.';

/** While the vendor keeps us waiting, and when it goes on. */
function waitingWords(kind: string, { code }: JsonObject, says: readonly string[]): readonly string[] {
  if (kind === 'run.resumed') return ['It goes on.'];
  return kind === 'run.paused' ? ['It is tried again by itself.', ...texts(code)] : says;
}

export const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export const texts = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (one): one is string => typeof one === 'string' && one !== '',
  );
