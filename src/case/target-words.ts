// What targets are called, in the language of whoever reads it. Logs, the trail and comparisons use `targetLabel`.
import { nounSaid } from './resource-nouns.ts';
import { type Said, say } from './said.ts';
import {
  type AppTarget,
  type GroupTarget,
  PRINCIPAL_IN_ACCOUNT,
  parseTarget,
  type ResourceTarget,
  shortPrincipal,
  type Target,
  targetLabel,
} from './target.ts';

/** `targetLabel` in the reader's language; hostile text is filled in as it is. */
export function targetSaid(target: Target): Said {
  switch (target.kind) {
    case 'collaborator':
      return say('case.target.collaborator', {
        principal: principalSaid(target.principal),
        bucket: target.bucket,
      });
    case 'aws-account':
      return say('case.target.account', { account: target.account });
    case 'iam-user':
      return say('case.target.user', { name: target.name });
    case 'iam-role':
      return say('case.target.role', { name: target.name });
    case 'access-key':
      return say('case.target.access-key', { id: target.id, user: target.user });
    case 'sso-session':
      return say('case.target.session', { user: target.user, role: target.role });
    case 'resource':
      return resourceSaid(target);
    case 'app':
    case 'group':
      return thingSaid(target);
    case 'membership':
      return ofPerson(target, { kind: 'group', id: target.group, label: target.label });
    case 'app-grant':
      return ofPerson(target, { kind: 'app', id: target.app, label: target.label });
    default:
      return targetLabel(target);
  }
}

/** Without a name of its own it is called by its id. */
const thingSaid = ({ kind, id, label }: AppTarget | GroupTarget): Said =>
  label === `${kind} ${id}` ? say(kind === 'app' ? 'nouns.app' : 'nouns.group', { name: id }) : label;

function ofPerson({ userLabel }: { readonly userLabel: string }, thing: AppTarget | GroupTarget): Said {
  return say('govern.labelled', { target: userLabel, words: thingSaid(thing) });
}

function resourceSaid(target: ResourceTarget): Said {
  return standInSaid(target) ?? triedSaid(target) ?? nounSaid(target) ?? targetLabel(target);
}

/** What stands in where a call named nothing: an account as a whole, or its root user. */
function standInSaid({ id }: ResourceTarget): Said | null {
  const [, kind, account = ''] = /^(account|iam\/root)\/(\d{12})$/.exec(id) ?? [];
  if (kind === 'account') return say('case.target.account', { account });
  return kind ? say('case.target.root-user', { account }) : null;
}

const KEY_ID = /^iam\/access-key\/\d{12}\/\/(.+)$/s;

/** What was only tried is listed by its thing and its English label (`onlyTried`): null where it is not that, or has a noun. */
function triedSaid({ id, label }: ResourceTarget): Said | null {
  const [, key] = KEY_ID.exec(id) ?? [];
  const ofUser = `access key ${key} of `;
  if (key && label.startsWith(ofUser))
    return say('case.target.access-key', { id: key, user: label.slice(ofUser.length) });
  const whole = parseTarget(id);
  return whole && whole.kind !== 'resource' && targetLabel(whole) === label ? targetSaid(whole) : null;
}

/** `principalWords` in the reader's language. */
export function principalSaid(principal: string): Said {
  const [, account, type = '', name = ''] = PRINCIPAL_IN_ACCOUNT.exec(principal) ?? [];
  if (/^\d{12}$/.test(principal) || type === 'root')
    return say('case.principal.account', { account: account ?? principal });
  if (account === undefined)
    return principal === shortPrincipal(principal)
      ? principal
      : say('case.principal.canonical', { id: `${principal.slice(0, 8)}...${principal.slice(-4)}` });
  const short = type === 'role' || type === 'user' ? (name.split('/').at(-1) ?? name) : name;
  return account === 'cloudfront'
    ? short
    : say('case.principal.of-account', {
        ...{ kind: type.replaceAll('-', '_'), type },
        ...{ name: short, account },
      });
}

/** What targets of a kind are called. */
export const kindSaid = (kind: Target['kind']): Said => say(KINDS[kind]);

const KINDS = {
  user: 'case.kind.user',
  membership: 'case.kind.membership',
  'app-grant': 'case.kind.app-grant',
  bucket: 'case.kind.bucket',
  object: 'case.kind.object',
  collaborator: 'case.kind.collaborator',
  'aws-account': 'case.kind.aws-account',
  'iam-user': 'case.kind.iam-user',
  'iam-role': 'case.kind.iam-role',
  'access-key': 'case.kind.access-key',
  'sso-session': 'case.kind.sso-session',
  app: 'case.kind.app',
  group: 'case.kind.group',
  resource: 'case.kind.resource',
} as const satisfies Readonly<Record<Target['kind'], string>>;
