// Makes a person set a new password at their next sign-in: in Entra, or for an account that on-premises AD owns, there. What AD was
// told can neither be read back nor taken back: it is called accepted, never proven, until they have done it.
import { CountersignError } from '../../case/errors.ts';
import { type Said, say } from '../../case/said.ts';
import type { UserTarget } from '../../case/target.ts';
import type { PasswordState } from '../../ports/directory.ts';
import type { Difference, GovernanceAction, Task, Verification, World } from '../action.ts';
import { theSubject } from '../aims.ts';
import {
  type AccountFacts,
  accountGone,
  goneWithAccount,
  nothingLeft,
  protectedOrGuest,
  READ_ACCOUNT,
  readAccountAndUser,
} from '../users/protected-users.ts';
import type { SignInState } from '../users/sign-in.ts';

export type PasswordDutyState = AccountFacts &
  Pick<SignInState, 'onPremises'> & { readonly password: PasswordState | null };

/** A replica of the directory may answer with the old value for a moment. */
const LOOK_AGAIN_MS = 5_000;
/** People sign in at work, so not every day; after a week a person should look. */
const DAY_MS = 24 * 3_600_000;
const MOST_DAYS = 7;
const MUST_BE_CHANGED = say('users.password.must-be-changed');

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
  const person = target.label;
  const now = await directory.passwordOf(target.id);
  if (!now) return { kind: 'not-done', says: accountGone(person) };
  if (now.mustChange) return { kind: 'took-effect', says: say('users.password.must', { person }) };
  if (isLater(now.changedAt, before.password?.changedAt ?? null))
    return { kind: 'took-effect', says: say('users.password.set-since', { person }) };
  if (before.onPremises) return toldThere(task, clock.now());
  return {
    kind: 'not-yet',
    says: say('users.password.not-shown-yet', { person }),
    retryInMs: LOOK_AGAIN_MS,
  };
}

/** AD shows nobody that it asks for a new password. All that is ever seen is the new one, once they have set it. */
function toldThere(
  { target: { label: person }, requestIds = [], checks = [] }: Task<UserTarget, PasswordDutyState>,
  now: number,
): Verification {
  if (requestIds.length === 0) return { kind: 'not-done', says: say('users.password.not-told-there') };
  if (now - Date.parse(checks[0] ?? '') >= MOST_DAYS * DAY_MS)
    return {
      kind: 'not-done',
      says: say('users.password.none-set-in-days', { person, days: MOST_DAYS }),
    };
  return {
    kind: 'took-effect',
    unproven: true,
    says: say('users.password.accepted-there', { person }),
    followUp: {
      afterMs: DAY_MS,
      says: say('users.password.looked-at-daily', { person, days: MOST_DAYS }),
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
  const words = ({ exists, password }: PasswordDutyState): Said => {
    if (!exists) return say('users.account.missing');
    return password?.mustChange ? MUST_BE_CHANGED : say('users.password.need-not-be-changed');
  };
  const part = { part: say('users.part.password'), before: words(before), left: MUST_BE_CHANGED };
  if (!now.exists) return [{ ...part, now: words(now) }];
  if (isSetAnew(before, now)) return [{ ...part, now: say('users.password.set-anew') }];
  if (before.onPremises) return [{ ...part, now: say('users.password.never-taken-back') }];
  if (now.password?.changedAt !== after.password?.changedAt)
    return [{ ...part, now: say('users.password.set-anew-since') }];
  return now.password?.mustChange === after.password?.mustChange ? [] : [{ ...part, now: words(now) }];
}

export const forcePasswordChange: GovernanceAction<UserTarget, PasswordDutyState> = {
  id: 'entra.user.force-password-change',
  title: say('users.title.force-password-change'),
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
    const person = target.label;
    const reason = protectedOrGuest(target, state, settings);
    if (reason) return { kind: 'refused', reason };
    if (state.password?.mustChange)
      return {
        kind: 'refused',
        met: true,
        reason: say('users.password.must-already', { person }),
      };
    if (state.synced && !state.onPremises)
      return {
        kind: 'refused',
        reason: say('users.password.cannot-ask-there', { person }),
      };
    const there = state.onPremises;
    const wayBack = there ? say('users.password.no-way-back-there', { person }) : say('users.password.undo');
    return {
      kind: 'offered',
      says: [
        ...(there ? [wayBack] : []),
        say(there ? 'users.password.asks-there' : 'users.password.asks', { person }),
        say('users.password.sessions-go-on'),
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
    gone({ label }, before, now) {
      const gone = goneWithAccount(label, now);
      if (gone || !isSetAnew(before, now)) return gone;
      return nothingLeft(say('users.password.set-since', { person: label }));
    },
    async execute({ target, before }, { directory }, note) {
      if (before.onPremises)
        throw new CountersignError(
          'govern.no-way-back',
          'Active Directory cannot be told through Defender for Identity to let somebody keep a password',
          { say: say('users.password.cannot-take-back-there') },
        );
      await note((await directory.setMustChangePassword(target.id, false)).requestId);
    },
    async verify({ target }, { directory }) {
      const now = await directory.passwordOf(target.id);
      if (now && !now.mustChange)
        return { kind: 'took-effect', says: say('users.password.may-keep', { person: target.label }) };
      return {
        kind: 'not-yet',
        says: say('users.password.may-keep-not-shown-yet', { person: target.label }),
        retryInMs: LOOK_AGAIN_MS,
      };
    },
  },
};
