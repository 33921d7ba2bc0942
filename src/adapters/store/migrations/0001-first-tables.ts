// The first schema. SQL that SQLite and PostgreSQL both read; never edited once released.
import type { Migration } from './index.ts';

export const firstTables: Migration = {
  version: 1,
  name: 'first-tables',
  statements: (compact) => [
    `create table cases (
      id text primary key,
      ref text not null,
      state text not null,
      version integer not null,
      open_group text,
      subject_id text,
      opened_at text not null,
      body text not null
    )`,
    'create unique index cases_ref on cases (ref)',
    'create unique index cases_open_group on cases (open_group)',
    'create index cases_opened on cases (opened_at)',
    'create index cases_subject on cases (subject_id, state) where subject_id is not null',
    `create table alert (
      source text not null,
      source_id text not null,
      revision text not null,
      fingerprint text not null,
      case_id text references cases (id) deferrable initially deferred,
      primary key (source, source_id)
    ) ${compact}`,
    `create table alert_revision (
      source text not null,
      source_id text not null,
      revision text not null,
      primary key (source, source_id, revision)
    ) ${compact}`,
    `create table step (
      id text not null,
      case_id text not null references cases (id) deferrable initially deferred,
      kind text not null,
      key text not null,
      body text not null,
      due_ms bigint not null,
      attempts integer not null,
      lease_token integer not null,
      leased_until_ms bigint,
      rerun_ms bigint,
      last_error text,
      primary key (case_id, kind, key)
    ) ${compact}`,
    'create index step_due on step (due_ms)',
    'create index step_leased on step (leased_until_ms) where leased_until_ms is not null',
    `create table run (
      id text primary key,
      case_id text not null references cases (id) deferrable initially deferred,
      target_key text not null,
      state text not null,
      position integer not null,
      created_ms bigint not null,
      body text not null
    )`,
    'create index run_case on run (case_id)',
    'create index run_target on run (target_key, created_ms)',
    `create table request_id (
      request_id text primary key,
      run_id text not null references run (id) deferrable initially deferred
    ) ${compact}`,
    `create table target_hold (
      target_key text primary key,
      case_id text not null references cases (id) deferrable initially deferred
    ) ${compact}`,
    'create index target_hold_case on target_hold (case_id)',
    `create table cap_slot (
      action text not null,
      hour bigint not null,
      used integer not null,
      primary key (action, hour)
    ) ${compact}`,
    `create table card_copy (
      id text primary key,
      case_id text not null references cases (id) deferrable initially deferred,
      created_ms bigint not null,
      body text not null
    )`,
    'create index card_copy_case on card_copy (case_id)',
    `create table reachable (
      tenant_id text not null,
      id text not null,
      body text not null,
      primary key (tenant_id, id)
    )`,
    `create table audit_entry (
      case_id text not null,
      seq integer not null,
      at text not null,
      kind text not null,
      facts text not null,
      personal_digest text not null,
      previous text not null,
      hash text not null,
      primary key (case_id, seq)
    ) ${compact}`,
    `create table audit_personal (
      case_id text not null,
      seq integer not null,
      salt text not null,
      personal text not null,
      primary key (case_id, seq),
      foreign key (case_id, seq) references audit_entry (case_id, seq) deferrable initially deferred
    ) ${compact}`,
    'create table mark (key text primary key, value text not null)',
  ],
};
