// Whose case it is, whatever its severity: so that what one person did becomes one question.
import type { Migration } from './index.ts';

export const casesOfAPerson: Migration = {
  version: 9,
  name: 'cases-of-a-person',
  statements: () => [
    'alter table cases add column person_id text',
    // Those of little weight get theirs with their next change.
    'update cases set person_id = subject_id',
    'create index cases_person on cases (person_id, state)',
  ],
};
