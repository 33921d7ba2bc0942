// What the rest of the app sees of a rule: the policy, within what the operator's bounds allow.
import type { SourceName } from '../case/alert.ts';
import type { Asking } from '../case/asking.ts';
import type { Offer, Policy } from '../case/policy.ts';
import { DEFAULT_QUESTION } from '../case/policy-words.ts';
import type { DetectionSettings, PolicyAsking } from '../case/settings.ts';
import { type PolicyProblem, problemAt, RuleError } from './problem.ts';
import type { AnyDocument } from './read-file.ts';
import { type Block, blockSchema } from './rule-schema.ts';

export interface PolicyOptions {
  /** Ids of the governance actions that exist: an offer of any other is refused. */
  readonly knownActions: readonly string[];
  readonly settings: DetectionSettings;
}

/**
 * Every action of the registry: one that has nothing to act on is not even mentioned. What is most often right stands first; what
 * lets somebody back in stands last, as there is something for it to do only where somebody was shut out before.
 */
const DEFAULT_ACTIONS: readonly (readonly [key: string, label: string, ...actions: string[]])[] = [
  ['ask', 'Ask {subject} if it was them', 'entra.user.notify'],
  ['make-private', 'Make private', 'aws.s3.make-bucket-private'],
  ['make-object-private', 'Make the object private', 'aws.s3.make-object-private'],
  ['remove-collaborators', 'Remove outside collaborators', 'aws.s3.remove-collaborator'],
  ['deactivate-key', 'Deactivate the access key', 'aws.iam.deactivate-key'],
  ['end-role-sessions', "End the role's sessions", 'aws.iam.revoke-role-sessions'],
  ['revoke-app', 'Take back what they allowed the app', 'entra.app.revoke-grant'],
  ['leave-group', 'Take {subject} out of the group', 'entra.group.remove-member'],
  ['sign-out', 'Sign {subject} out everywhere', 'entra.user.revoke-sessions'],
  ['restrict', 'Restrict downloads', 'entra.user.restrict-downloads'],
  [
    'force-password',
    'Force a new password and sign out',
    'entra.user.force-password-change',
    'entra.user.revoke-sessions',
  ],
  ['deny', 'Shut them out of AWS', 'aws.iam.attach-deny'],
  ['deny-sso', 'Shut them out of AWS', 'aws.organizations.deny-sso-user'],
  ['suspend', 'Suspend the account', 'entra.user.suspend'],
  ['compromised', 'Confirm the account as compromised', 'entra.user.confirm-compromised'],
  ['block-account', 'Block all public access', 'aws.s3.block-account-public-access'],
  ['no-risk', 'It was them: dismiss the risk', 'entra.user.dismiss-risk'],
  ['reactivate-key', 'It was a mistake: reactivate key', 'aws.iam.reactivate-key'],
  ['detach-deny', 'It was a mistake: let them back in', 'aws.iam.detach-deny'],
  ['allow-sso', 'It was a mistake: let them back in', 'aws.organizations.allow-sso-user'],
  ['unsuspend', 'It was a mistake: allow sign-in', 'entra.user.unsuspend'],
];
/** What a rule from outside offers: it has no say in it. */
export const DEFAULT_OFFERS: readonly Offer[] = DEFAULT_ACTIONS.map(([key, label, ...actions]) => ({
  key,
  label,
  actions,
}));
const NO_BLOCK: Block = blockSchema.parse({});

export function buildPolicy(
  document: AnyDocument,
  id: string,
  source: SourceName | null,
  { knownActions, settings }: PolicyOptions,
): Policy {
  const { of, rule, kind } = document;
  const block = of.block ?? NO_BLOCK;
  const offers = of.outside
    ? DEFAULT_OFFERS.filter(({ actions }) => actions.every((action) => knownActions.includes(action)))
    : block.offers;
  return {
    id,
    title: rule.title,
    description: rule.description ?? '',
    text: of.text,
    hash: of.hash,
    source,
    stage: settings.policies[id]?.stage ?? block.stage,
    outside: of.outside,
    counted: kind === 'correlation',
    severity: rule.level ?? 'medium',
    techniques: techniquesOf(rule.tags ?? []),
    question: block.question ?? DEFAULT_QUESTION,
    offers: offers.filter(({ actions }) => actions.every((action) => isAllowed(action, settings))),
    grouping: { by: block.group.by, withinMs: block.group.within },
    covers: block.covers,
    fallback: block.fallback,
    securityOnly: block.securityOnly || settings.bounds.ask.every((kind) => kind === 'security'),
    asking: askingOf(block.asking, settings.policies[id]?.asking),
  };
}

/** The operator's word goes before the policy's, key by key. */
function askingOf(policys: Asking, operators: PolicyAsking = {}): Asking {
  const said = Object.entries(operators).filter(([, value]) => value !== undefined);
  return { ...policys, ...Object.fromEntries(said) };
}

const isAllowed = (action: string, { bounds }: DetectionSettings): boolean =>
  bounds.actions === null || bounds.actions.includes(action);

/** Throws RuleError for an offer of an action that does not exist. */
export function checkOffers({ of }: AnyDocument, knownActions: readonly string[]): void {
  for (const [at, { actions }] of (of.block?.offers ?? []).entries()) {
    const unknown = actions.findIndex((action) => !knownActions.includes(action));
    if (unknown < 0) continue;
    throw new RuleError(
      ['countersign', 'offers', at, 'actions', unknown],
      `no such action; known are ${knownActions.join(', ')}`,
    );
  }
}

/** What the operator's bounds took out of a file's own offers. */
export const offerNotes = (document: AnyDocument, settings: DetectionSettings): readonly PolicyProblem[] =>
  (document.of.block?.offers ?? []).flatMap(({ key, actions }, at) => {
    const beyond = actions.find((action) => !isAllowed(action, settings));
    if (beyond === undefined) return [];
    const reason = `"${key}" is not offered: ${beyond} is not among detection.bounds.actions`;
    return [problemAt(document, ['countersign', 'offers', at], reason)];
  });

/** MITRE ATT&CK ids among the tags: `attack.t1562.008` is T1562.008. */
const techniquesOf = (tags: readonly string[]): readonly string[] =>
  tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag)?.[1]?.toUpperCase() ?? []);
