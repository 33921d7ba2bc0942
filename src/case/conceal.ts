// Takes hidden things out of sentences and targets: by value where the case names them, by their form where it does not. Pure.

import type { Case } from './case.ts';
import type { Run } from './run.ts';
import { type Said, say, textsOf, withTexts } from './said.ts';
import { PRINCIPAL_IN_ACCOUNT, principalWords, type Target, targetKey, targetLabel } from './target.ts';
import { principalSaid } from './target-words.ts';
import type { Visibility } from './visibility.ts';

export interface Conceal {
  text(text: string): string;
  /** The words stay; what is filled into them goes. */
  said<Words extends Said>(said: Words): Words;
  /** Another thing stays another thing: only what people would read is taken out. */
  target(target: Target): Target;
}

/** Shorter ones are no names, and would take pieces out of other words. */
const SHORTEST = 3;

const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?(?![\d]|\.\d)/g;
/** Whatever could be one, to be looked at. */
const COLONS =
  /(?<![\w.:-])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?::(?:\d{1,3}\.){3}\d{1,3})?(?:\/\d{1,3})?(?![\w:])/gi;
const MAIL = /[^\s@<>()[\]"',;:]+@[^\s@<>()[\]"',;:]+/g;
const FILE =
  /[^\s"'<>|*?\\/:;,()]+\.(?:docx?|docm|xls[xmb]?|pptx?|pdf|rtf|odt|ods|csv|tsv|txt|md|zip|7z|rar|tar|gz|tgz|json|xml|ya?ml|html?|png|jpe?g|gif|svg|heic|mp[34]|mov|wav|msg|eml|pst|ost|one|vsdx?|dwg|psd|sql|sqlite|db|bak|dmp|log|key|pem|pfx|p12|kdbx|env|ini|cfg|conf|exe|dll|msi|iso|img|ps1|bat|cmd|vbs|js|ts|py|sh|jar|apk|parquet)(?![\p{L}\p{N}])/giu;

/** `runs`: what was done about the case may have named more than the case does. `write`: in the language of whoever reads it. */
export function concealer(
  about: Case,
  sees: Visibility,
  runs: readonly Run[],
  write: (said: Said) => string,
): Conceal {
  const inText = write(say('case.hidden.in-text'));
  const targets = [
    ...about.targets,
    ...(about.question?.offers ?? []).flatMap(({ actions }) => actions.map((one) => one.target)),
    // Of what turned out not to be possible, too: it is said why, and that it was proposed.
    ...(about.proposals ?? []).map((one) => one.target),
    ...runs.map((run) => run.target),
  ];
  const own = ownNames(about);
  const callers = new Set((about.callers ?? []).map(targetKey));
  const isOwn = (target: Target): boolean => callers.has(targetKey(target)) || ofPerson(target, about);
  const words = new Set<string>();
  for (const target of targets) {
    if (!sees.files) for (const name of fileNames(target)) words.add(name);
    if (!sees.people && !isOwn(target)) for (const name of personNames(target)) words.add(name);
  }
  if (!sees.people) for (const name of [...about.mentioned, ...about.named]) words.add(name);
  for (const { kind, value } of about.facts) {
    if (
      (kind === 'file' && !sees.files) ||
      (kind === 'person' && !sees.people) ||
      (kind === 'address' && !sees.addresses)
    )
      for (const name of textsOf(value).flatMap((one) => [one, ...one.split(/, | and \d+ more/)]))
        words.add(name);
  }
  const pattern = wordsPattern([...words].filter((word) => !own.has(word.toLowerCase())));
  const isOwnMail = (mail: string): boolean => own.has(mail.replace(/\.+$/, '').toLowerCase());

  const text = (given: string): string => {
    const byValue = pattern ? given.replace(pattern, inText) : given;
    const withoutFiles = sees.files ? byValue : byValue.replace(FILE, inText);
    if (sees.addresses) return withoutFiles;
    return withoutFiles
      .replace(MAIL, (mail) => (isOwnMail(mail) ? mail : inText))
      .replace(IPV4, inText)
      .replace(COLONS, (found) => (isIpv6(found) ? inText : found));
  };
  const hidden = [...new Map(targets.map((one) => [targetKey(one), one])).keys()];
  const unnamed = (target: Target, label: Said): Target => ({
    ...{ kind: 'resource', id: `hidden-${hidden.indexOf(targetKey(target))}` },
    label: `${write(label)} ${inText}`,
  });

  return {
    text,
    said: (said) => withTexts(said, text),
    target(target) {
      if (!sees.people && !isOwn(target)) {
        if (target.kind === 'user') return { ...target, label: inText, principalName: inText };
        if (target.kind === 'membership' || target.kind === 'app-grant')
          return { ...target, userLabel: inText, principalName: inText, label: text(target.label) };
        if (target.kind === 'collaborator')
          return unnamed(target, say('case.hidden.somebody-on', { bucket: target.bucket }));
        if (target.kind === 'iam-user') return unnamed(target, say('case.hidden.user'));
        if (target.kind === 'access-key') return unnamed(target, say('case.hidden.access-key'));
        if (target.kind === 'sso-session') return unnamed(target, say('case.hidden.sessions'));
      }
      if (target.kind === 'object')
        return sees.files ? target : unnamed(target, say('case.hidden.object-in', { bucket: target.bucket }));
      if (target.kind === 'collaborator' && !sees.addresses && text(target.principal) !== target.principal)
        return unnamed(target, say('case.hidden.somebody-on', { bucket: target.bucket }));
      return 'label' in target ? { ...target, label: text(target.label) } : target;
    },
  };
}

/** Whom it is about is always named: somebody has to answer for them. */
function ownNames({ subject, hint }: Case): ReadonlySet<string> {
  const names = subject
    ? [subject.id, subject.name, subject.userPrincipalName]
    : hint.kind === 'entra'
      ? [hint.id, hint.name ?? '']
      : [];
  return new Set(names.map((name) => name.toLowerCase()).filter(Boolean));
}

function ofPerson(target: Target, { subject, hint }: Case): boolean {
  const id = subject?.id ?? (hint.kind === 'entra' ? hint.id : null);
  if (target.kind === 'user') return target.id === id;
  return (target.kind === 'membership' || target.kind === 'app-grant') && target.user === id;
}

function fileNames(target: Target): readonly string[] {
  if (target.kind === 'object') return [target.key, target.key.split('/').at(-1) ?? ''];
  const [, path] = target.kind === 'resource' ? (/^object:\d{12}:[^/]+\/(.+)$/s.exec(target.id) ?? []) : [];
  return path ? [path, path.split('/').at(-1) ?? '', target.kind === 'resource' ? target.label : ''] : [];
}

function personNames(target: Target): readonly string[] {
  switch (target.kind) {
    case 'user':
      return [target.label, target.principalName ?? ''];
    case 'membership':
    case 'app-grant':
      return [target.userLabel, target.principalName ?? ''];
    case 'iam-user':
      return [target.name];
    case 'access-key':
      return [target.user, target.id];
    case 'sso-session':
      return [target.user];
    case 'collaborator':
      return [target.principal, principalWords(target.principal), ...namesIn(target.principal)];
    case 'resource':
      return /^(?:iam\/user|user)\b/.test(target.id)
        ? [targetLabel(target), target.id.split('/').at(-1) ?? '']
        : [];
    default:
      return [];
  }
}

/** As words are filled in: each name by itself. */
function namesIn(principal: string): readonly string[] {
  const [, account, type = '', name = ''] = PRINCIPAL_IN_ACCOUNT.exec(principal) ?? [];
  if (account === undefined || type === 'root') return textsOf(principalSaid(principal));
  return [name, name.split('/').at(-1) ?? ''];
}

/** As whole words, the longest first; null where there are none. */
function wordsPattern(words: readonly string[]): RegExp | null {
  const long = words
    .map((word) => word.replace(/…$/, '').trim())
    .filter((word) => word.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  if (long.length === 0) return null;
  const escaped = long.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

/** A time of the day is none, and neither is an ARN. */
function isIpv6(text: string): boolean {
  const [address = ''] = text.split('/');
  const groups = address.split(':');
  return (
    /[0-9a-f]/i.test(address) && (address.includes('::') || groups.length === 8 || address.includes('.'))
  );
}
