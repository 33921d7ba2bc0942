// Word to an administrator about somebody who cannot be reached in Teams: what the `tell-admin` step is called and what it carries.
import type { UserId } from './ids.ts';

/**
 * `not-installed`: the app is not there and cannot be installed. `refused`: Teams takes no message of ours for them. `removed`: the
 * app was removed for them.
 */
export type WhyUnreached = 'not-installed' | 'refused' | 'removed';

export interface Unreached {
  readonly people: readonly UnreachedPerson[];
  readonly why: WhyUnreached;
}
export interface UnreachedPerson {
  readonly person: UserId;
  readonly name: string;
}

export interface TellAdminStep {
  readonly kind: 'tell-admin';
  /** Whom it is about: another routing of the same case may find others. */
  readonly key: string;
  readonly body: {
    readonly people: readonly { readonly person: UserId; readonly name: string }[];
    readonly why: WhyUnreached;
  };
}

/** Nobody is left who could complete an answer, as the security team is too small. Told once a day, whatever the number of cases. */
export const TEAM_TOO_SMALL = 'team-too-small';
export const tellTeamTooSmall = () => ({ kind: 'tell-admin', key: TEAM_TOO_SMALL, body: {} }) as const;

export const tellAdminStep = ({ people, why }: Unreached): TellAdminStep => ({
  kind: 'tell-admin',
  key: people.map(({ person }) => person).join(' '),
  body: { people: people.map(({ person, name }) => ({ person, name })), why },
});
