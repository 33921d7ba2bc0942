// What changes in the made-up tenant besides accounts and alerts: memberships, consents, risks, on-premises accounts, mail sent.
import type { JsonObject } from '../../case/json.ts';
import type { Mailbox } from '../mailboxes.ts';
import type { Person } from '../people.ts';
import {
  GRANTS,
  type Grant,
  RISKS,
  type RiskRecord,
  ROLE_ASSIGNMENTS,
  type RoleAssignment,
} from '../tenant.ts';

/** Entra's own side of a password: the password itself is nowhere. */
interface PasswordRecord {
  readonly mustChange: boolean;
  readonly changedAt: string;
}
interface OnPremisesRecord {
  readonly enabled: boolean;
  readonly mustChange: boolean;
  readonly changedAtMs: number;
}

export interface TenantState {
  /** Person id to object ids of groups. */
  readonly memberships: Readonly<Record<string, readonly string[]>>;
  readonly grants: readonly Grant[];
  readonly roleAssignments: readonly RoleAssignment[];
  readonly risks: Readonly<Record<string, RiskRecord>>;
  /** Only whose was ever changed. */
  readonly passwords: Readonly<Record<string, PasswordRecord>>;
  /** Only whose was ever changed: on-premises AD as it is, whatever Entra shows of it yet. */
  readonly onPremises: Readonly<Record<string, OnPremisesRecord>>;
  readonly mails: readonly JsonObject[];
  /** Only whose was ever changed, and what was. */
  readonly mailboxes: Readonly<Record<string, Partial<Mailbox>>>;
}

const KEPT_MAILS = 200;

const seed = (people: readonly Person[]): TenantState => ({
  memberships: Object.fromEntries(
    people.map(({ id, memberOf }) => [
      id,
      memberOf.filter((one) => one.kind === 'group').map((group) => group.id),
    ]),
  ),
  grants: GRANTS,
  roleAssignments: ROLE_ASSIGNMENTS,
  risks: RISKS,
  passwords: {},
  onPremises: {},
  mails: [],
  mailboxes: {},
});

/** A saved state of an earlier version has less in it, and knows fewer people. */
export function createTenantState(
  people: readonly Person[],
  saved: Partial<TenantState> | undefined,
  changed: () => void,
) {
  const fresh = seed(people);
  let state: TenantState = {
    ...fresh,
    ...saved,
    memberships: { ...fresh.memberships, ...saved?.memberships },
  };
  function change(part: Partial<TenantState>): void {
    state = { ...state, ...part };
    changed();
  }

  return {
    snapshot: (): TenantState => state,

    groupIds: (person: string): readonly string[] => state.memberships[person] ?? [],
    setGroupIds(person: string, groups: readonly string[]): void {
      change({ memberships: { ...state.memberships, [person]: groups } });
    },

    grants: (): readonly Grant[] => state.grants,
    setGrants: (grants: readonly Grant[]): void => change({ grants }),
    roleAssignments: (): readonly RoleAssignment[] => state.roleAssignments,
    setRoleAssignments: (roleAssignments: readonly RoleAssignment[]): void => change({ roleAssignments }),

    risk: (person: string): RiskRecord | null => state.risks[person] ?? null,
    setRisk: (person: string, risk: RiskRecord): void =>
      change({ risks: { ...state.risks, [person]: risk } }),

    password: (person: string): PasswordRecord | null => state.passwords[person] ?? null,
    setPassword(person: string, password: PasswordRecord): void {
      change({ passwords: { ...state.passwords, [person]: password } });
    },

    onPremises: (person: string): OnPremisesRecord | null => state.onPremises[person] ?? null,
    setOnPremises(person: string, record: OnPremisesRecord): void {
      change({ onPremises: { ...state.onPremises, [person]: record } });
    },

    mailbox: (person: string): Partial<Mailbox> => state.mailboxes[person] ?? {},
    setMailbox(person: string, mailbox: Partial<Mailbox>): void {
      const before = state.mailboxes[person];
      change({ mailboxes: { ...state.mailboxes, [person]: { ...before, ...mailbox } } });
    },

    addMail: (mail: JsonObject): void => change({ mails: [...state.mails, mail].slice(-KEPT_MAILS) }),
  };
}
