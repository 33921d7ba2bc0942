// What was put to whom, and the cards that hold a flood of questions. One open digest a reader, whatever the replicas do.
import type { Migration } from './index.ts';

export const digests: Migration = {
  version: 7,
  name: 'digests',
  statements: (compact) => [
    `create table digest (
      id text primary key,
      reader text not null,
      open integer not null,
      opened_ms bigint not null,
      version integer not null,
      drawing_token integer not null,
      drawing_until_ms bigint,
      body text not null
    )`,
    'create unique index digest_open on digest (reader) where open = 1',
    'create index digest_reader on digest (reader, opened_ms)',
    `create table digest_drawn (
      digest_id text not null references digest (id),
      version integer not null,
      body text not null,
      primary key (digest_id, version)
    ) ${compact}`,
    `create table question_put (
      reader text not null,
      question_id text not null,
      case_id text not null references cases (id) deferrable initially deferred,
      at_ms bigint not null,
      digest_id text references digest (id),
      primary key (reader, question_id)
    ) ${compact}`,
    'create index question_put_age on question_put (reader, at_ms)',
    'create index question_put_digest on question_put (digest_id)',
  ],
};
