// What changes in the made-up tenant: accounts, alerts and installations. Plain JSON, so that the sandbox can keep it on disk.
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../case/json.ts';
import type { Person } from '../people.ts';
import { createTenantState, type TenantState } from './tenant-state.ts';

interface Account {
  readonly accountEnabled: boolean;
  readonly sessionsValidFrom: string;
  /** While set, reads still answer the value before: Entra takes its time. */
  readonly shownFrom?: { readonly atMs: number; readonly until: string };
  /** When sign-in was last allowed or forbidden in Entra. */
  readonly changedAtMs?: number;
}
/** What is saved and given back at the next start. */
export interface GraphState {
  readonly accounts: Readonly<Record<string, Account>>;
  readonly alerts: readonly JsonObject[];
  /** Person id to installation id. */
  readonly installations: Readonly<Record<string, string>>;
  readonly tenant: TenantState;
}

export interface StateOptions {
  readonly people: readonly Person[];
  /** Of an earlier version, it has no `tenant`. */
  readonly saved?: (Omit<GraphState, 'tenant'> & { readonly tenant?: Partial<TenantState> }) | undefined;
  readonly now: () => number;
  /** How long reads lag behind a revocation. */
  readonly sessionsDelayMs: number;
  /**
   * How long after a change Entra shows what on-premises AD has, whatever was changed in Entra: a disable made there is undone.
   * Null: nothing is undone, and what is changed in AD shows in Entra at once.
   */
  readonly syncAfterMs: number | null;
  readonly onChange: (state: GraphState) => void;
}

const HIRED = '2024-01-15T09:00:00Z';
const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export function createState(options: StateOptions) {
  const { now, onChange } = options;
  const accounts = new Map<string, Account>(
    options.people.map((one) => [one.id, { accountEnabled: one.accountEnabled, sessionsValidFrom: HIRED }]),
  );
  for (const [id, account] of Object.entries(options.saved?.accounts ?? {})) accounts.set(id, account);
  const alerts = new Map<string, JsonObject>(
    (options.saved?.alerts ?? []).map((alert) => [String(alert.id), alert]),
  );
  const installations = new Map<string, string>(Object.entries(options.saved?.installations ?? {}));

  const snapshot = (): GraphState => ({
    accounts: Object.fromEntries(accounts),
    alerts: [...alerts.values()],
    installations: Object.fromEntries(installations),
    tenant: tenant.snapshot(),
  });
  const changed = (): void => onChange(snapshot());
  const tenant = createTenantState(options.people, options.saved?.tenant, changed);
  const account = (id: string): Account =>
    accounts.get(id) ?? { accountEnabled: true, sessionsValidFrom: HIRED };
  function setAccount(id: string, change: Partial<Account>): void {
    accounts.set(id, { ...account(id), ...change });
    changed();
  }

  const personWith = (id: string): Person | undefined => options.people.find((one) => one.id === id);
  const onPremisesEnabled = (id: string): boolean =>
    tenant.onPremises(id)?.enabled ?? personWith(id)?.accountEnabled ?? true;
  /** What Entra shows: of a synced account, AD's word once the sync has run. */
  function isEnabled(id: string): boolean {
    const { accountEnabled, changedAtMs = 0 } = account(id);
    if (options.syncAfterMs === null || !personWith(id)?.onPremisesSyncEnabled) return accountEnabled;
    const last = Math.max(changedAtMs, tenant.onPremises(id)?.changedAtMs ?? 0);
    return now() >= last + options.syncAfterMs ? onPremisesEnabled(id) : accountEnabled;
  }

  return {
    snapshot,
    tenant,
    account(id: string): { readonly accountEnabled: boolean; readonly sessionsValidFrom: string } {
      const { sessionsValidFrom, shownFrom } = account(id);
      const lagging = shownFrom && now() < shownFrom.atMs;
      return {
        accountEnabled: isEnabled(id),
        sessionsValidFrom: lagging ? shownFrom.until : sessionsValidFrom,
      };
    },
    setEnabled: (id: string, accountEnabled: boolean): void =>
      setAccount(id, { accountEnabled, changedAtMs: now() }),
    onPremisesEnabled,
    setOnPremisesEnabled(id: string, enabled: boolean): void {
      const mustChange = tenant.onPremises(id)?.mustChange ?? false;
      // Entra goes on showing what it showed until now.
      setAccount(id, { accountEnabled: options.syncAfterMs === null ? enabled : isEnabled(id) });
      tenant.setOnPremises(id, { enabled, mustChange, changedAtMs: now() });
    },
    forceOnPremisesPassword(id: string): void {
      tenant.setOnPremises(id, { enabled: onPremisesEnabled(id), mustChange: true, changedAtMs: now() });
    },
    password(id: string): { readonly mustChange: boolean | null; readonly changedAt: string } {
      return tenant.password(id) ?? { mustChange: null, changedAt: HIRED };
    },
    setMustChangePassword(id: string, mustChange: boolean): void {
      tenant.setPassword(id, { mustChange, changedAt: tenant.password(id)?.changedAt ?? HIRED });
    },
    /** The person themselves set a new one. */
    changePassword(id: string): void {
      tenant.setPassword(id, { mustChange: false, changedAt: seconds(now()) });
    },
    /** Always moves, by a second at least: the vendor's field has no fractions. */
    revokeSessions(id: string): void {
      const until = account(id).sessionsValidFrom;
      const at = Math.max(now(), Date.parse(until) + 1000);
      const shownFrom = { atMs: now() + options.sessionsDelayMs, until };
      setAccount(id, { sessionsValidFrom: seconds(at), shownFrom });
    },

    alerts: (): readonly JsonObject[] => [...alerts.values()],
    alert: (id: string): JsonObject | null => alerts.get(id) ?? null,
    /** Adds or changes an alert; `lastUpdateDateTime` always moves, unless a new alert brings its own. */
    putAlert(change: JsonObject): JsonObject {
      const id = typeof change.id === 'string' ? change.id : `da${randomUUID().replaceAll('-', '')}_1`;
      const known = alerts.get(id);
      const earlier = known ? Date.parse(String(known.lastUpdateDateTime)) + 1 : 0;
      const at = new Date(Math.max(now(), earlier)).toISOString();
      const alert: JsonObject = known
        ? { ...known, ...change, id, lastUpdateDateTime: at }
        : { createdDateTime: at, lastUpdateDateTime: at, status: 'new', comments: [], ...change, id };
      alerts.set(id, alert);
      changed();
      return alert;
    },

    installation: (person: string): string | null => installations.get(person) ?? null,
    install(person: string, installation: string): void {
      installations.set(person, installation);
      changed();
    },
  };
}
export type State = ReturnType<typeof createState>;
