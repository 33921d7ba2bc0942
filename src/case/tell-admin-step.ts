// Word to an administrator about somebody who cannot be reached in Teams: what the `tell-admin` step is called and what it carries.
import type { UserId } from './ids.ts';

/**
 * `not-installed`: the app is not there and cannot be installed. `refused`: Teams takes no message of ours for them. `removed`: the
 * app was removed for them.
 */
export type WhyUnreached = 'not-installed' | 'refused' | 'removed';

export interface Unreached {
  readonly person: UserId;
  readonly name: string;
  readonly why: WhyUnreached;
}

export interface TellAdminStep {
  readonly kind: 'tell-admin';
  readonly key: string;
  readonly body: { readonly person: UserId; readonly name: string; readonly why: WhyUnreached };
}

export const tellAdminStep = ({ person, name, why }: Unreached): TellAdminStep => ({
  kind: 'tell-admin',
  key: person,
  body: { person, name, why },
});
