// Whether a person may sign in, and changing it: in Entra, and for an account that on-premises AD owns, there as well. There alone,
// Entra would go on for up to 40 minutes; in Entra alone, the next sync would undo it. Suspending and unsuspending are the two
// directions of this. Source: "Revoke user access in Microsoft Entra ID" (hybrid environment: first AD, then Entra).
import { type Said, say } from '../../case/said.ts';
import type { OperatorSettings } from '../../case/settings.ts';
import type { UserTarget } from '../../case/target.ts';
import type { OnPremisesAccount } from '../../ports/on-premises-accounts.ts';
import type { Difference, RequestNote, Task, Verification, World } from '../action.ts';
import {
  type AccountFacts,
  accountGone,
  protectedBecause,
  READ_ACCOUNT,
  readAccountAndUser,
} from './protected-users.ts';

export type SignInState = AccountFacts & {
  /** Of a synced account. Null where Defender for Identity cannot change it. */
  readonly onPremises: OnPremisesAccount | null;
};

export const SIGN_IN_PERMISSIONS = [
  ...READ_ACCOUNT,
  'User.EnableDisableAccount.All',
  'SecurityIdentitiesAccount.Read.All',
  'SecurityIdentitiesActions.ReadWrite.All',
] as const;

/** A replica of the directory may answer with the old value for a moment. */
const LOOK_AGAIN_MS = 5_000;
/** Defender for Identity hands it to a sensor on a domain controller. */
const LOOK_AGAIN_THERE_MS = 30_000;
/** "Microsoft Entra Connect Sync: Scheduler": every 30 minutes, and the run itself takes its time. */
const SYNCED_WITHIN_MS = 45 * 60_000;

export async function readSignIn({ id }: UserTarget, world: World): Promise<SignInState> {
  const { account, user } = await readAccountAndUser(id, world.directory);
  const sid = account.synced ? user?.securityIdentifier : undefined;
  return { ...account, onPremises: sid ? await world.onPremises.find(sid) : null };
}

/** Where sign-in is allowed. `there` is null where only Entra knows the account, or AD does not say. */
interface Switches {
  readonly entra: boolean;
  readonly there: boolean | null;
}
const switchesOf = ({ enabled, onPremises }: SignInState): Switches => ({
  entra: enabled,
  there: onPremises?.enabled ?? null,
});

/** By either way. */
export const maySignIn = (state: SignInState): boolean => {
  const { entra, there } = switchesOf(state);
  return entra || there === true;
};

/** Where sign-in is blocked, as words select it; null while it is nowhere. */
export function suspendedIn(state: SignInState): 'everywhere' | 'active_directory' | 'entra' | null {
  const { entra, there } = switchesOf(state);
  if (entra) return there === false ? 'active_directory' : null;
  return there === true ? 'entra' : 'everywhere';
}

/** Why sign-in cannot be switched for them. */
export function signInRefusal(
  target: UserTarget,
  state: SignInState,
  settings: OperatorSettings,
  to: 'suspend' | 'enable',
): Said | null {
  const reason = protectedBecause(target, state, settings);
  if (reason || !state.synced || state.onPremises) return reason;
  const person = target.label;
  return to === 'suspend'
    ? say('users.sign-in.cannot-suspend-there', { person })
    : say('users.sign-in.cannot-enable-there', { person });
}

/** A guest's account here is ours to switch; the one that they sign in with is their organisation's. */
export const guestSays = ({ label: person }: UserTarget, { guest }: AccountFacts): readonly Said[] =>
  guest ? [say('users.sign-in.guest', { person })] : [];

/** Which switches there are, for the plan's basis. */
export const switchOf = ({ onPremises }: SignInState) =>
  onPremises ? { in: 'active-directory-and-entra', account: onPremises.account } : { in: 'entra' };

type SignInTask = Task<UserTarget, SignInState>;
type Wanted = (before: SignInState) => Switches;

export const everywhere =
  (allowed: boolean): Wanted =>
  () => ({ entra: allowed, there: allowed });
/** Where AD did not say how it was, as Entra had it. */
export const asItWas: Wanted = (before) => {
  const { entra, there } = switchesOf(before);
  return { entra, there: there ?? entra };
};

/** Goes the way that was planned. Repeating it changes nothing. */
export async function setSignIn(
  { target, before }: SignInTask,
  wanted: Wanted,
  { directory, onPremises }: World,
  note: RequestNote,
): Promise<void> {
  const { entra, there } = wanted(before);
  if (before.onPremises)
    await note((await onPremises.invoke(before.onPremises, there ? 'enable' : 'disable')).requestId);
  await note((await directory.setEnabled(target.id, entra)).requestId);
}

export async function verifySignIn(task: SignInTask, wanted: Wanted, world: World): Promise<Verification> {
  const { target, before } = task;
  const now = await readSignIn(target, world);
  const { label: person } = target;
  if (!now.exists) return { kind: 'not-done', says: accountGone(person) };
  const { entra, there } = wanted(before);
  if (before.onPremises) return seenInBoth(task, { entra, there: there === true }, now, world);
  if (now.enabled === entra)
    return {
      kind: 'took-effect',
      says: say(entra ? 'users.sign-in.may-again' : 'users.sign-in.is-blocked', { person }),
    };
  return {
    kind: 'not-yet',
    says: say(entra ? 'users.sign-in.still-suspended' : 'users.sign-in.still-enabled', { person }),
    retryInMs: LOOK_AGAIN_MS,
  };
}

const stateOf = (enabled: boolean): 'enabled' | 'disabled' => (enabled ? 'enabled' : 'disabled');

function seenInBoth(
  { target: { label: person }, checks }: SignInTask,
  wanted: { readonly entra: boolean; readonly there: boolean },
  now: SignInState,
  { clock }: World,
): Verification {
  const { entra, there } = switchesOf(now);
  if (there === !wanted.there)
    return {
      kind: 'not-yet',
      says: say('users.sign-in.still-shown', { place: 'Active Directory', person, state: stateOf(there) }),
      retryInMs: LOOK_AGAIN_THERE_MS,
    };
  if (entra !== wanted.entra)
    return {
      kind: 'not-yet',
      says: say('users.sign-in.still-shown', { place: 'Entra', person, state: stateOf(entra) }),
      retryInMs: LOOK_AGAIN_MS,
    };
  const says = proof(person, wanted, there === null);
  const since = Date.parse(checks?.[0] ?? '');
  if (checks === undefined || clock.now() - since >= SYNCED_WITHIN_MS) return { kind: 'took-effect', says };
  return {
    kind: 'took-effect',
    says,
    followUp: {
      afterMs: SYNCED_WITHIN_MS,
      says: say('users.sign-in.sync-to-come', { span: { ms: SYNCED_WITHIN_MS } }),
    },
  };
}

function proof(
  person: string,
  { entra, there }: { readonly entra: boolean; readonly there: boolean },
  unseen: boolean,
): Said {
  const filling = { person, state: stateOf(entra) };
  if (unseen) return say('users.sign-in.proven-in-entra', filling);
  return say(entra === there ? 'users.sign-in.proven-in-both' : 'users.sign-in.proven-apart', filling);
}

/**
 * Whatever else has become of the account: only whether they may sign in was ours. Each place is a part of its own, so that one that is
 * put back and one that is not yet are told from what somebody else did. What AD does not say is no difference.
 */
export function signInDifferences(
  before: SignInState,
  after: SignInState,
  now: SignInState,
): readonly Difference[] {
  const [was, left, is] = [switchesOf(before), switchesOf(after), switchesOf(now)];
  const where = (state: SignInState): Said =>
    say('users.sign-in.state', { where: state.exists ? (suspendedIn(state) ?? 'nowhere') : 'gone' });
  if (!now.exists)
    return [{ part: say('users.part.account'), before: where(before), left: where(after), now: where(now) }];
  const inEntra = before.onPremises
    ? say('users.part.account-in', { place: 'Entra' })
    : say('users.part.account');
  return [
    ...differenceIn(inEntra, was.entra, left.entra, is.entra),
    ...differenceIn(
      say('users.part.account-in', { place: 'Active Directory' }),
      was.there,
      left.there,
      is.there,
    ),
  ];
}

function differenceIn(
  part: Said,
  was: boolean | null,
  left: boolean | null,
  is: boolean | null,
): readonly Difference[] {
  if (left === null || is === null || left === is) return [];
  const words = (allowed: boolean | null): Said =>
    allowed === null
      ? say('govern.left-unknown')
      : say('users.sign-in.state', { where: allowed ? 'nowhere' : 'everywhere' });
  return [{ part, before: words(was), left: words(left), now: words(is) }];
}
