// What a start refuses although every setting can be read: stand-ins outside a sandbox, and what production must not do.
// Answers one line a problem, and never repeats a value that may hold a secret.
import path from 'node:path';
import type { Environment } from './reader.ts';

/** Where the stand-ins are: a sandbox's and a test's, never a real start's. */
export const STAND_IN_URLS = [
  'COUNTERSIGN_GRAPH_URL',
  'COUNTERSIGN_LOGIN_URL',
  'COUNTERSIGN_BOT_CHANNEL_URL',
  'COUNTERSIGN_TEAMS_SERVICE_URL',
  'COUNTERSIGN_S3_URL',
  'COUNTERSIGN_STS_URL',
  'COUNTERSIGN_IAM_URL',
  'COUNTERSIGN_ORGANIZATIONS_URL',
] as const;

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]', '::1'];
const isGiven = (env: Environment, name: string): boolean => Boolean(env[name]?.trim());
const isElsewhere = (url: string): boolean =>
  URL.canParse(url) && !LOOPBACK.includes(new URL(url).hostname.toLowerCase());

/** A stand-in makes sense only in a sandbox, and a sandbox only with all of them: half a world would reach into the real one. */
export function standInProblems(env: Environment): readonly string[] {
  const flag = env.COUNTERSIGN_SANDBOX?.trim();
  const given = STAND_IN_URLS.filter((name) => isGiven(env, name));
  if (env.NODE_ENV === 'production')
    return [...(flag ? ['COUNTERSIGN_SANDBOX'] : []), ...given].map(
      (name) => `${name} is for the sandbox and for tests, and refused in production`,
    );
  if (!flag)
    return given.map((name) => `${name} names a stand-in, which only counts with COUNTERSIGN_SANDBOX=yes`);
  if (flag !== 'yes') return ['COUNTERSIGN_SANDBOX must be yes, or not be set'];
  return [
    ...STAND_IN_URLS.filter((name) => !isGiven(env, name)).map(
      (name) => `${name} is missing: a sandbox reaches nothing but stand-ins`,
    ),
    ...given
      .filter((name) => isElsewhere(env[name]?.trim() ?? ''))
      .map((name) => `${name} is not on this machine: a sandbox reaches nothing but stand-ins`),
    ...['COUNTERSIGN_AWS_ACCESS_KEY_ID', 'COUNTERSIGN_AWS_SECRET_ACCESS_KEY']
      .filter((name) => !isGiven(env, name))
      .map((name) => `${name} is missing: a sandbox never looks for credentials of a cloud`),
    ...(env.COUNTERSIGN_BOT_APP_TYPE?.trim() === 'UserAssignedMSI'
      ? ['COUNTERSIGN_BOT_APP_TYPE must be SingleTenant: a sandbox never looks for credentials of a cloud']
      : []),
  ];
}

/** Names and answers of people travel to the database: in production only encrypted, to a server that proves who it is. */
export function databaseProblems(url: string, production: boolean): readonly string[] {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    return ['DATABASE_URL must be a URL that begins with postgres:// or postgresql://'];
  const { hostname, searchParams } = new URL(url);
  const host = searchParams.getAll('host').at(-1) ?? decodeURIComponent(hostname);
  if (!production || host === '' || host.startsWith('/') || LOOPBACK.includes(host)) return [];
  // The driver takes the last one of a name that is given twice.
  return searchParams.getAll('sslmode').at(-1) === 'verify-full'
    ? []
    : ['DATABASE_URL must end in ?sslmode=verify-full: production reaches a database over checked TLS only'];
}

export function productionProblems(
  env: Environment,
  store: { readonly embedded: boolean; readonly directory: string },
): readonly string[] {
  if (env.NODE_ENV !== 'production') return [];
  const key = env.COUNTERSIGN_AUDIT_KEY?.trim() ?? '';
  const checkpoints =
    env.COUNTERSIGN_AUDIT_CHECKPOINTS?.trim() || path.join(store.directory, 'checkpoints.jsonl');
  const besideStore = key.startsWith('file:') && isWithin(store.directory, key.slice('file:'.length));
  return [
    ...(env.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? ['NODE_TLS_REJECT_UNAUTHORIZED=0 turns every certificate check off, and is refused in production']
      : []),
    ...(store.embedded && besideStore
      ? ['COUNTERSIGN_AUDIT_KEY lies in the state directory, beside the database that it protects']
      : []),
    ...(store.embedded && isWithin(store.directory, checkpoints)
      ? [
          'COUNTERSIGN_AUDIT_CHECKPOINTS must name a file outside the state directory: whoever can rewrite the database could rewrite its seals as well',
        ]
      : []),
  ];
}

function isWithin(directory: string, file: string): boolean {
  const way = path.relative(path.resolve(directory), path.resolve(file));
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
