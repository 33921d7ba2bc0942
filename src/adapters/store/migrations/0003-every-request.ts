// Request ids of every call that we make, not only of those that belong to a run: reads, refusals and failures come back as
// events as well.
import type { Migration } from './index.ts';

export const everyRequest: Migration = {
  version: 3,
  name: 'every-request',
  statements: (compact) => [
    // SQLite cannot take `not null` from a column: the table is made anew.
    `create table own_request (
      request_id text primary key,
      run_id text references run (id) deferrable initially deferred,
      noted_ms bigint not null default 0
    ) ${compact}`,
    `insert into own_request (request_id, run_id, noted_ms)
      select request_id.request_id, request_id.run_id, run.created_ms
      from request_id join run on run.id = request_id.run_id`,
    'drop table request_id',
    'alter table own_request rename to request_id',
  ],
};
