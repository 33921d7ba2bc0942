// The usual ways in which an action finds what it acts on in a case.
import type { Target, UserTarget } from '../case/target.ts';
import type { Aims } from './action.ts';

/** The case's identified subject: names in evidence alone confer nothing. */
export const theSubject = async ({ subject }: Aims): Promise<readonly UserTarget[]> =>
  subject ? [{ kind: 'user', id: subject.id, label: subject.name }] : [];

/** What the case is about, of one kind. */
export const aimed =
  <Kind extends Target['kind']>(kind: Kind) =>
  async ({ targets }: Aims): Promise<readonly Extract<Target, { kind: Kind }>[]> =>
    targets.filter((target): target is Extract<Target, { kind: Kind }> => target.kind === kind);
