// What correlations count, and the group of a case that outlives its being open (to recognise repeats after the answer).
import type { Migration } from './index.ts';

export const windows: Migration = {
  version: 2,
  name: 'windows',
  statements: (compact) => [
    `create table window_event (
      window_id text not null,
      event_id text not null,
      at_ms bigint not null,
      rule text not null,
      value text not null,
      crossed integer not null,
      onward text not null,
      primary key (window_id, event_id)
    ) ${compact}`,
    'create index window_event_window on window_event (window_id, at_ms)',
    'create index window_event_age on window_event (at_ms)',
    'create table window_due (key text primary key, due_ms bigint not null, body text not null)',
    'create index window_due_due on window_due (due_ms)',
    "alter table cases add column group_key text not null default ''",
    // Cases that were closed before this version stay without: only their body knows, and repeats of them ask again.
    'update cases set group_key = open_group where open_group is not null',
    'create index cases_group on cases (group_key, opened_at)',
  ],
};
