// When somebody last signed in through the page for it: the latest time for each person, nothing else.
import type { Migration } from './index.ts';

export const signIns: Migration = {
  version: 8,
  name: 'sign-ins',
  statements: (compact) => [
    `create table sign_in (
      user_id text primary key,
      auth_ms bigint not null
    ) ${compact}`,
  ],
};
