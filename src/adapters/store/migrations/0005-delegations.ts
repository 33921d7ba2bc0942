// Who answers in whose place: the latest word of each person, revoked or not.
import type { Migration } from './index.ts';

export const delegations: Migration = {
  version: 5,
  name: 'delegations',
  statements: (compact) => [
    `create table delegation (
      from_id text primary key,
      until_ms bigint not null,
      revoked_at text,
      body text not null
    ) ${compact}`,
  ],
};
