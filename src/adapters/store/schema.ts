// The tables as Kysely sees them, equal on SQLite and PostgreSQL. Bodies are JSON as text; `_ms` columns are milliseconds since 1970.
import type { SourceName } from '../../case/alert.ts';
import type { CaseId, CopyId, DigestId, QuestionId, RunId, StepId, UserId } from '../../case/ids.ts';
import type { RunState, StepKind } from '../../case/run.ts';
import type { CaseState } from '../../case/transitions.ts';

export interface Schema {
  cases: {
    id: CaseId;
    ref: string;
    state: CaseState;
    version: number;
    /** The group key while later matches may join, else null: unique, so that replicas cannot open twins. */
    open_group: string | null;
    /** The same, whatever the state. */
    group_key: string;
    subject_id: UserId | null;
    /** Whose case it is. `subject_id` is theirs only where it puts them under question. */
    person_id: UserId | null;
    opened_at: string;
    body: string;
  };
  alert: {
    source: SourceName;
    source_id: string;
    revision: string;
    fingerprint: string;
    case_id: CaseId | null;
  };
  /** Revisions that an alert had before the current one. */
  alert_revision: { source: SourceName; source_id: string; revision: string };
  step: {
    id: StepId;
    case_id: CaseId;
    kind: StepKind;
    key: string;
    body: string;
    due_ms: number;
    attempts: number;
    lease_token: number;
    /** By the database's clock; null when nobody works on it. */
    leased_until_ms: number | null;
    /** Asked for again while somebody works on it: due once they are done. */
    rerun_ms: number | null;
    last_error: string | null;
  };
  run: {
    id: RunId;
    case_id: CaseId;
    target_key: string;
    state: RunState;
    position: number;
    created_ms: number;
    body: string;
  };
  /** Of our own calls; `run_id` where the call was a change that a run made. */
  request_id: { request_id: string; run_id: RunId | null; noted_ms: number };
  target_hold: { target_key: string; case_id: CaseId };
  /** What a case waits for, all of it or nothing. `place` rises with every case that joins the line. */
  target_wait: { case_id: CaseId; target_key: string; label: string; strength: number; place: number };
  cap_use: { key: string; at_ms: number; uses: number };
  card_copy: { id: CopyId; case_id: CaseId; created_ms: number; body: string };
  /** What each person set last; `until_ms` and `revoked_at` beside the body, for they are compared. */
  delegation: { from_id: UserId; until_ms: number; revoked_at: string | null; body: string };
  exception: {
    id: string;
    made_ms: number;
    until_ms: number;
    /** Who and when, as JSON. */
    revoked: string | null;
    held: number;
    last_at: string | null;
    body: string;
  };
  reachable: { tenant_id: string; id: string; body: string };
  audit_entry: {
    case_id: CaseId;
    seq: number;
    at: string;
    kind: string;
    facts: string;
    personal_digest: string;
    previous: string;
    hash: string;
  };
  /** Beside the chain: a row is deleted when a person is erased, and the chain still holds. */
  audit_personal: { case_id: CaseId; seq: number; salt: string; personal: string };
  window_event: {
    window_id: string;
    event_id: string;
    at_ms: number;
    rule: string;
    value: string;
    /** 0 or 1. */
    crossed: number;
    onward: string;
  };
  /** What is judged later. */
  window_due: { key: string; due_ms: number; body: string };
  /** A card that holds a flood of questions to one reader. `open` 1: it takes further ones; unique, so that replicas send one. */
  digest: {
    id: DigestId;
    reader: string;
    open: number;
    opened_ms: number;
    /** Of what it shows: rises with every drawing. */
    version: number;
    drawing_token: number;
    /** By the database's clock; null when nobody sends or edits it. */
    drawing_until_ms: number | null;
    body: string;
  };
  digest_drawn: { digest_id: DigestId; version: number; body: string };
  /** `digest_id` null: the question has a card of its own. */
  question_put: {
    reader: string;
    question_id: QuestionId;
    case_id: CaseId;
    at_ms: number;
    digest_id: DigestId | null;
  };
  /** When somebody last signed in freshly, by the time that Entra gave. */
  sign_in: { user_id: UserId; auth_ms: number };
  mark: { key: string; value: string };
  migration: { version: number; name: string; applied_at: string };
}
