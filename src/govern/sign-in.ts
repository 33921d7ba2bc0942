// Whether a person may sign in, and changing it: in Entra, and for an account that on-premises AD owns, there as well. There alone,
// Entra would go on for up to 40 minutes; in Entra alone, the next sync would undo it. Suspending and unsuspending are the two
// directions of this. Source: "Revoke user access in Microsoft Entra ID" (hybrid environment: first AD, then Entra).
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
/** What changing a synced account takes: a call to AD and one to Entra. */
const BOTH = 2;
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

/** By any way, and where not by all of them, by which. Null while nothing is. */
export function suspendedWords(state: SignInState): string | null {
  const { entra, there } = switchesOf(state);
  if (entra) return there === false ? 'suspended in Active Directory, not in Entra' : null;
  return there === true ? 'suspended in Entra, not in Active Directory' : 'suspended';
}

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
  const { label } = target;
  if (!now.exists) return { kind: 'not-done', says: goneSentence(label) };
  const { entra, there } = wanted(before);
  if (before.onPremises) return seenInBoth(task, { entra, there: there === true }, now, world);
  if (now.enabled === entra)
    return {
      kind: 'took-effect',
      says: entra
        ? `${label} can sign in again.`
        : `The account of ${label} is suspended: sign-in is blocked.`,
    };
  return {
    kind: 'not-yet',
    says: `The directory still shows the account of ${label} as ${entra ? 'suspended' : 'enabled'}.`,
    retryInMs: LOOK_AGAIN_MS,
  };
}

const shown = (enabled: boolean): string => (enabled ? 'enabled' : 'disabled');

/** Of two calls one may not have been made: it is only waited for once both were acknowledged. */
function seenInBoth(
  { target: { label }, requestIds = [], checks }: SignInTask,
  wanted: { readonly entra: boolean; readonly there: boolean },
  now: SignInState,
  { clock }: World,
): Verification {
  const waitFor = (says: string, retryInMs: number): Verification =>
    requestIds.length < BOTH ? { kind: 'not-done', says } : { kind: 'not-yet', says, retryInMs };
  const { entra, there } = switchesOf(now);
  if (there === !wanted.there)
    return waitFor(
      `Active Directory still shows the account of ${label} as ${shown(there)}.`,
      LOOK_AGAIN_THERE_MS,
    );
  if (entra !== wanted.entra)
    return waitFor(`Entra still shows the account of ${label} as ${shown(entra)}.`, LOOK_AGAIN_MS);
  const says = provenWords(label, wanted, there === null);
  const since = Date.parse(checks?.[0] ?? '');
  if (checks === undefined || clock.now() - since >= SYNCED_WITHIN_MS) return { kind: 'took-effect', says };
  return {
    kind: 'took-effect',
    says,
    followUp: {
      afterMs: SYNCED_WITHIN_MS,
      says: 'Not yet: whether it stays so over the next sync is looked at in 45 minutes.',
    },
  };
}

function provenWords(
  label: string,
  { entra, there }: { readonly entra: boolean; readonly there: boolean },
  unseen: boolean,
): string {
  const means = entra ? 'they can sign in again' : 'sign-in is blocked';
  const of = `The account of ${label} is`;
  if (unseen)
    return `${of} ${shown(entra)} in Entra, so ${means}: read back from there. Active Directory was told so too, and does not say how it stands.`;
  return entra === there
    ? `${of} ${shown(entra)} in Entra and in Active Directory, so ${means}: read back from both.`
    : `${of} ${shown(entra)} in Entra and ${shown(there)} in Active Directory: read back from both.`;
}

/** Whatever else has become of the account: only whether they may sign in was ours. What AD does not say is no difference. */
export function signInDifferences(
  before: SignInState,
  after: SignInState,
  now: SignInState,
): readonly Difference[] {
  const words = (state: SignInState) =>
    state.exists ? (suspendedWords(state) ?? 'may sign in') : 'does not exist';
  const [left, is] = [switchesOf(after), switchesOf(now)];
  const isSameThere = left.there === null || is.there === null || left.there === is.there;
  if (now.exists && is.entra === left.entra && isSameThere) return [];
  return [{ part: 'Account', before: words(before), left: words(after), now: words(now) }];
}
