// What asks nobody for a while. Those that are over or revoked stay: they say why somebody was not asked.
import type { Migration } from './index.ts';

export const exceptions: Migration = {
  version: 6,
  name: 'exceptions',
  statements: (compact) => [
    `create table exception (
      id text primary key,
      made_ms bigint not null,
      until_ms bigint not null,
      revoked text,
      held bigint not null,
      last_at text,
      body text not null
    ) ${compact}`,
    'create index exception_until on exception (until_ms)',
  ],
};
