// Makes a person set a new password at their next sign-in: in Entra, or for an account that on-premises AD owns, there. What AD was
// told can neither be read back nor taken back: it is called accepted, never proven, until they have done it.
import { CountersignError } from '../../case/errors.ts';
import type { UserTarget } from '../../case/target.ts';
import type { PasswordState } from '../../ports/directory.ts';
import type { Difference, GovernanceAction, Task, Verification, World } from '../action.ts';
import { theSubject } from '../aims.ts';
import {
  type AccountFacts,
  goneObstacle,
  goneSentence,
  NOTHING_LEFT,
  protectedOrGuest,
  READ_ACCOUNT,
  readAccountAndUser,
} from '../protected-users.ts';
import type { SignInState } from '../sign-in.ts';

export type PasswordDutyState = AccountFacts &
  Pick<SignInState, 'onPremises'> & { readonly password: PasswordState | null };

/** A replica of the directory may answer with the old value for a moment. */
const LOOK_AGAIN_MS = 5_000;
/** People sign in at work, so not every day; after a week a person should look. */
const DAY_MS = 24 * 3_600_000;
const MOST_DAYS = 7;
const NO_WAY_BACK =
  'Active Directory cannot be told through Defender for Identity to let somebody keep a password.';

async function read({ id }: UserTarget, world: World): Promise<PasswordDutyState> {
  const { account, user } = await readAccountAndUser(id, world.directory);
  const sid = account.synced ? user?.securityIdentifier : undefined;
  return {
    ...account,
    onPremises: sid ? await world.onPremises.find(sid) : null,
    password: account.exists ? await world.directory.passwordOf(id) : null,
  };
}

const isLater = (now: string | null, before: string | null): boolean =>
  now !== null && Date.parse(now) > (before === null ? Number.NEGATIVE_INFINITY : Date.parse(before));

async function verify(
  task: Task<UserTarget, PasswordDutyState>,
  { directory, clock }: World,
): Promise<Verification> {
  const { target, before } = task;
  const { label } = target;
  const now = await directory.passwordOf(target.id);
  if (!now) return { kind: 'not-done', says: goneSentence(label) };
  if (now.mustChange)
    return { kind: 'took-effect', says: `${label} must set a new password at the next sign-in.` };
  if (isLater(now.changedAt, before.password?.changedAt ?? null))
    return { kind: 'took-effect', says: `${label} has set a new password since.` };
  if (before.onPremises) return toldThere(task, clock.now());
  return {
    kind: 'not-yet',
    says: `The directory does not show yet that ${label} must set a new password.`,
    retryInMs: LOOK_AGAIN_MS,
  };
}

/** AD shows nobody that it asks for a new password. All that is ever seen is the new one, once they have set it. */
function toldThere(
  { target: { label }, requestIds = [], checks = [] }: Task<UserTarget, PasswordDutyState>,
  now: number,
): Verification {
  if (requestIds.length === 0)
    return { kind: 'not-done', says: 'Nothing shows that Active Directory was told.' };
  if (now - Date.parse(checks[0] ?? '') >= MOST_DAYS * DAY_MS)
    return {
      kind: 'not-done',
      says: `${label} has set no new password in ${MOST_DAYS} days, so whether Active Directory asks for one is not known.`,
    };
  return {
    kind: 'took-effect',
    unproven: true,
    says: `Defender for Identity accepted it for the account of ${label}; whether it was done shows when they set a new password.`,
    followUp: {
      afterMs: DAY_MS,
      says: `Not yet: ${label} has set no new password. That is looked at once a day, for ${MOST_DAYS} days.`,
    },
  };
}

/** Whoever has set a new password keeps it: the duty to do so is over. */
const isSetAnew = (before: PasswordDutyState, now: PasswordDutyState): boolean =>
  now.password?.changedAt !== before.password?.changedAt && !now.password?.mustChange;

function differences(
  before: PasswordDutyState,
  after: PasswordDutyState,
  now: PasswordDutyState,
): readonly Difference[] {
  const words = ({ exists, password }: PasswordDutyState) => {
    if (!exists) return 'the account does not exist';
    return password?.mustChange ? 'must be changed' : 'need not be changed';
  };
  const part = { part: 'Password', before: words(before), left: 'must be changed' };
  if (!now.exists) return [{ ...part, now: words(now) }];
  if (isSetAnew(before, now)) return [{ ...part, now: 'set anew by them' }];
  if (before.onPremises)
    return [{ ...part, now: 'must be changed, and Active Directory takes that back from nobody' }];
  if (now.password?.changedAt !== after.password?.changedAt)
    return [{ ...part, now: 'must be changed, and it was set anew since' }];
  return now.password?.mustChange === after.password?.mustChange ? [] : [{ ...part, now: words(now) }];
}

export const forcePasswordChange: GovernanceAction<UserTarget, PasswordDutyState> = {
  id: 'entra.user.force-password-change',
  title: 'Force a new password',
  targetKind: 'user',
  needs:
    'An account of the tenant that is not protected and no guest; for one from on-premises Active Directory, Defender for Identity.',
  effect: 'converges',
  strength: 5,
  permissions: {
    graph: [
      ...READ_ACCOUNT,
      'User-PasswordProfile.ReadWrite.All',
      'SecurityIdentitiesAccount.Read.All',
      'SecurityIdentitiesActions.ReadWrite.All',
    ],
  },
  capPerHour: 20,

  find: theSubject,
  read,

  plan(target, state, settings) {
    const { label } = target;
    const reason = protectedOrGuest(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    if (state.password?.mustChange)
      return {
        kind: 'refused',
        met: true,
        reason: `${label} must set a new password at the next sign-in already.`,
      };
    if (state.synced && !state.onPremises)
      return {
        kind: 'refused',
        reason: `The password of ${label} is kept in on-premises Active Directory, and Defender for Identity, which could ask for a new one there, is not available.`,
      };
    const there = state.onPremises;
    const wayBack = there
      ? `This cannot be undone: ${label} will have to set a new password in Active Directory.`
      : 'Undo lets them keep the password, as long as they have not set a new one in the meantime.';
    return {
      kind: 'offered',
      says: [
        ...(there ? [wayBack] : []),
        `${label} must set a new password at the next sign-in${there ? ', in on-premises Active Directory' : ''}. Until then, the old one still opens that sign-in.`,
        'This by itself ends no session that is open.',
      ],
      basis: there ? { in: 'active-directory', account: there.account } : { in: 'entra' },
      undo: { possible: !there, says: wayBack },
    };
  },

  async execute({ target, before }, { directory, onPremises }, note) {
    const { requestId } = before.onPremises
      ? await onPremises.invoke(before.onPremises, 'forcePasswordReset')
      : await directory.setMustChangePassword(target.id, true);
    await note(requestId);
  },
  verify,

  revert: {
    differences,
    obstacle({ label }, before, now) {
      const gone = goneObstacle(label, now);
      if (gone || !isSetAnew(before, now)) return gone;
      return `${label} has set a new password since. ${NOTHING_LEFT}`;
    },
    async execute({ target, before }, { directory }, note) {
      if (before.onPremises)
        throw new CountersignError('govern.no-way-back', NO_WAY_BACK, { say: NO_WAY_BACK });
      await note((await directory.setMustChangePassword(target.id, false)).requestId);
    },
    async verify({ target }, { directory }) {
      const now = await directory.passwordOf(target.id);
      if (now && !now.mustChange)
        return { kind: 'took-effect', says: `${target.label} may keep the password.` };
      return {
        kind: 'not-yet',
        says: `The directory does not show yet that ${target.label} may keep the password.`,
        retryInMs: LOOK_AGAIN_MS,
      };
    },
  },
};
