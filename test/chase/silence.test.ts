// What silence may do before anybody has answered.
import assert from 'node:assert/strict';
import type { Case, Decision } from '../../src/case/case.ts';
import type { PlannedOffer } from '../../src/case/question.ts';
import { containingOffer } from '../../src/chase/silence.ts';
import { aCase, MANAGER, settings as usual } from '../helpers/cases.ts';
import { CLOSE, withAsking } from './life.ts';

const settings = { ...usual, ...withAsking({ containFirst: [CLOSE] }) };
const close: PlannedOffer = {
  key: 'close',
  label: 'Close it',
  left: [],
  actions: [
    {
      action: CLOSE,
      title: 'Close',
      target: { kind: 'resource', id: 'door', label: 'door' },
      says: ['It is closed.'],
      undo: { possible: true, says: 'It is opened again.' },
      basis: null,
    },
  ],
};
const by = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;
const signed: Decision = {
  ...{ verb: 'approve', offer: 'close', by, awaits: 'One more person has to agree.' },
  at: '2026-11-21T09:00:00.000Z',
};
const takenBack: Decision = {
  verb: 'correct',
  by,
  at: '2026-11-21T09:01:00.000Z',
  awaits: signed.awaits ?? '',
};

describe('silence', () => {
  const ofCase = (decisions: readonly Decision[]): PlannedOffer | null => {
    const usual = aCase();
    const asking = { ...usual.policy.asking, contain: 'close' } as Case['policy']['asking'];
    const about = aCase({ decisions, ...(asking && { policy: { ...usual.policy, asking } }) });
    return containingOffer(about, { approver: by, offers: [close] }, settings);
  };

  it('is not the second of two who agree', () => {
    assert.equal(ofCase([signed]), null);
  });

  it('contains first where nobody has answered, or whoever had has taken it back', () => {
    assert.equal(ofCase([]), close);
    assert.equal(ofCase([signed, takenBack]), close);
  });
});
