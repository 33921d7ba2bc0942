// The line of cases that wait for a target, and uses counted by the millisecond: an hour that slides, not the clock's.
import type { Migration } from './index.ts';

export const waitingAndCaps: Migration = {
  version: 4,
  name: 'waiting-and-caps',
  statements: (compact) => [
    `create table target_wait (
      case_id text not null references cases (id) deferrable initially deferred,
      target_key text not null,
      label text not null,
      strength integer not null,
      place bigint not null,
      primary key (case_id, target_key)
    ) ${compact}`,
    'create index target_wait_key on target_wait (target_key)',
    `create table cap_use (
      key text not null,
      at_ms bigint not null,
      uses integer not null,
      primary key (key, at_ms)
    ) ${compact}`,
    'create index cap_use_age on cap_use (at_ms)',
    // When in its hour each slot was taken was not kept: at its end, so that an upgrade gives nothing back early.
    `insert into cap_use (key, at_ms, uses)
      select action, (hour + 1) * 3600000 - 1, used from cap_slot`,
    'drop table cap_slot',
  ],
};
