// Whether a person may sign in, and changing it: in Entra, or for an account that on-premises AD owns, there (Entra's own switch
// would be put back by the next sync). Suspending and unsuspending are the two directions of this.
import type { OperatorSettings } from '../case/settings.ts';
import type { UserTarget } from '../case/target.ts';
import type { OnPremisesAccount } from '../ports/on-premises-accounts.ts';
import type { Difference, RequestNote, Task, Verification, World } from './action.ts';
import {
  type AccountFacts,
  goneSentence,
  protectedOrGuest,
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
/** Where AD cannot be read back, the sync must show it: every 30 minutes, which so many looks outlast. */
const LOOK_AGAIN_AFTER_SYNC_MS = 120_000;
/** "Microsoft Entra Connect Sync: Scheduler": every 30 minutes, and the run itself takes its time. */
const SYNCED_WITHIN_MS = 45 * 60_000;

export async function readSignIn({ id }: UserTarget, world: World): Promise<SignInState> {
  const { account, user } = await readAccountAndUser(id, world.directory);
  const sid = account.synced ? user?.securityIdentifier : undefined;
  return { ...account, onPremises: sid ? await world.onPremises.find(sid) : null };
}

/** Of a synced account, what AD says counts: Entra follows. */
export const maySignIn = ({ enabled, onPremises }: SignInState): boolean => onPremises?.enabled ?? enabled;

/** Why sign-in cannot be switched for them, `how` being what would have been done. */
export function signInRefusal(
  target: UserTarget,
  state: SignInState,
  settings: OperatorSettings,
  how: { readonly verb: string; readonly noun: string },
): string | null {
  const reason = protectedOrGuest(target, state, settings);
  if (reason || !state.synced || state.onPremises) return reason;
  return (
    `The account of ${target.label} comes from on-premises Active Directory, and Defender for Identity, which could ` +
    `${how.verb} it there, is not available: the next sync would undo ${how.noun} made in Entra.`
  );
}

/** Which switch it is, for the plan's basis. */
export const switchOf = ({ onPremises }: SignInState) =>
  onPremises ? { in: 'active-directory', account: onPremises.account } : { in: 'entra' };

/** Goes the way that was planned. Repeating it changes nothing. */
export async function setSignIn(
  { target, before }: Task<UserTarget, SignInState>,
  allowed: boolean,
  { directory, onPremises }: World,
  note: RequestNote,
): Promise<void> {
  const { requestId } = before.onPremises
    ? await onPremises.invoke(before.onPremises, allowed ? 'enable' : 'disable')
    : await directory.setEnabled(target.id, allowed);
  await note(requestId);
}

export async function verifySignIn(
  { target, before }: Task<UserTarget, SignInState>,
  allowed: boolean,
  world: World,
): Promise<Verification> {
  const now = await readSignIn(target, world);
  const { label } = target;
  if (!now.exists) return { kind: 'not-done', says: goneSentence(label) };
  if (before.onPremises) return seenThere(label, now, allowed);
  if (now.enabled === allowed)
    return {
      kind: 'took-effect',
      says: allowed
        ? `${label} can sign in again.`
        : `The account of ${label} is suspended: sign-in is blocked.`,
    };
  return {
    kind: 'not-yet',
    says: `The directory still shows the account of ${label} as ${allowed ? 'suspended' : 'enabled'}.`,
    retryInMs: LOOK_AGAIN_MS,
  };
}

function seenThere(label: string, { enabled, onPremises }: SignInState, allowed: boolean): Verification {
  const there = onPremises?.enabled ?? null;
  const done = `The account of ${label} is ${allowed ? 'enabled' : 'disabled'} in Active Directory`;
  const means = allowed ? 'they can sign in again' : 'sign-in is blocked';
  if (there === !allowed)
    return {
      kind: 'not-yet',
      says: `Active Directory still shows the account of ${label} as ${allowed ? 'disabled' : 'enabled'}.`,
      retryInMs: LOOK_AGAIN_THERE_MS,
    };
  if (enabled === allowed) {
    const seen = there === null ? 'Entra shows it' : 'and Entra shows it';
    return { kind: 'took-effect', says: `${done}${there === null ? ':' : ','} ${seen}, so ${means}.` };
  }
  if (there === null)
    return {
      kind: 'not-yet',
      says: `Entra still shows the account of ${label} as ${allowed ? 'disabled' : 'enabled'}, and Active Directory cannot be read.`,
      retryInMs: LOOK_AGAIN_AFTER_SYNC_MS,
    };
  return {
    kind: 'took-effect',
    says: `${done}: read back from there.`,
    followUp: {
      afterMs: SYNCED_WITHIN_MS,
      says: 'Not yet in Entra: the sync brings it there, within 40 minutes as a rule.',
    },
  };
}

/** Whatever else has become of the account: only whether they may sign in was ours. */
export function signInDifferences(
  before: SignInState,
  after: SignInState,
  now: SignInState,
): readonly Difference[] {
  const words = (state: SignInState) =>
    state.exists ? (maySignIn(state) ? 'may sign in' : 'suspended') : 'does not exist';
  if (now.exists && maySignIn(now) === maySignIn(after)) return [];
  return [{ part: 'Account', before: words(before), left: words(after), now: words(now) }];
}
