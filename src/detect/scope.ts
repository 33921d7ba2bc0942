// Where a policy looks, by what the event itself says: account, region, network. Users and groups are looked at once the subject
// is known.
import type { PolicyScope } from '../case/settings.ts';
import type { Test } from './compiled.ts';
import { compileField } from './fields.ts';
import { type Network, parseNetwork } from './networks.ts';
import { allOf, not, shownList, shownValues } from './tests.ts';

/** Kinds that only CloudTrail events have. */
export const EVENT_SCOPES = ['accounts', 'regions', 'networks'] as const;
type Kind = (typeof EVENT_SCOPES)[number];

/** `only` asks for all its kinds, `except` leaves out what meets any of them. Null where nothing is said. */
export function compileScope(only: PolicyScope | undefined, except: PolicyScope | undefined): Test | null {
  const tests = EVENT_SCOPES.flatMap((kind) => [
    ...(only?.[kind].length ? [within(kind, only[kind])] : []),
    ...(except?.[kind].length ? [not(within(kind, except[kind]))] : []),
  ]);
  return tests.length > 0 ? allOf(tests, 'scope') : null;
}

const recipient = compileField('recipientAccountId');
const caller = compileField('userIdentity.accountId');
const region = compileField('awsRegion');
const address = compileField('sourceIPAddress');

const READ: Readonly<Record<Kind, (event: unknown) => readonly unknown[]>> = {
  accounts: (event) => {
    const values = recipient.values(event).filter((value) => value !== null);
    return values.length > 0 ? values : caller.values(event);
  },
  regions: region.values,
  networks: address.values,
};

function within(kind: Kind, wanted: readonly string[]): Test {
  const accepts = acceptorOf(kind, wanted);
  const read = READ[kind];
  const holds = (event: unknown): boolean => read(event).some((value) => accepts(String(value)));
  return {
    holds,
    needs: null,
    explain: (event) => ({
      text: `${kind}: ${shownList(wanted, 'or')}; found ${shownValues({ values: read }, event)}`,
      holds: holds(event),
      parts: [],
    }),
  };
}

function acceptorOf(kind: Kind, wanted: readonly string[]): (value: string) => boolean {
  if (kind !== 'networks') {
    const values = new Set(wanted.map((value) => value.toLowerCase()));
    return (value) => values.has(value.toLowerCase());
  }
  // The name of a service stands where an address would: it is in no network.
  const networks = wanted.map(parseNetwork).filter((network): network is Network => network !== null);
  return (value) => networks.some((network) => network(value));
}
