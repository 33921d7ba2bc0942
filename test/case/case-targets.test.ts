// What a case lists to act on: who called, and what calls that went through were aimed at.
import assert from 'node:assert/strict';
import type { Alert } from '../../src/case/alert.ts';
import type { Case } from '../../src/case/case.ts';
import { onlyTried } from '../../src/case/case-targets.ts';
import type { CaseId } from '../../src/case/ids.ts';
import { holdKey, type Target, targetKey, targetLabel } from '../../src/case/target.ts';
import { targetSaid } from '../../src/case/target-words.ts';
import { isRepeat, reopened } from '../../src/ingest/absorb.ts';
import { deedOf } from '../../src/ingest/deeds.ts';
import { joinCase, type Opening, openCase } from '../../src/ingest/open-case.ts';
import { takeOver } from '../../src/ingest/supersede.ts';
import type { StoreTransaction } from '../../src/ports/case-store.ts';
import { groupKey } from '../../src/route/identify.ts';
import { pointOut } from '../../src/route/point-out.ts';
import { ACCOUNT, anAlert, anOpening, aPolicy } from '../helpers/alerts.ts';
import { settings } from '../helpers/cases.ts';
import { inLanguage } from '../helpers/english.ts';

const AT = '2026-11-21T09:00:00.000Z';
const fresh = { id: 'case-1' as CaseId, ref: 'K7M2PQRS', nonce: '00' };
const key = (number: number): Target => ({
  ...{ kind: 'access-key', account: ACCOUNT, user: 'alex' },
  id: `AKIAEXAMPLE${number}`,
});
const mallory: Target = { kind: 'iam-user', account: ACCOUNT, name: 'mallory' };
const shown: Target = { kind: 'resource', id: `iam/user/${ACCOUNT}//mallory`, label: 'user mallory' };
const by = (...callers: readonly Target[]): Opening => anOpening({ callers });
const opened = (opening: Opening, alert = anAlert()): Case => openCase(opening, alert, fresh, AT);
const join = (about: Case, opening: Opening, alert: Alert = anAlert()) => {
  const { patch, widened } = joinCase(about, opening, alert, AT);
  return { about: { ...about, ...patch }, widened };
};

describe('Who called, in a case,', () => {
  it('is kept from the call that opened it', () =>
    assert.deepEqual(opened(by(key(1), key(1))).callers, [key(1)]));

  it('is everybody who joined, once, and asks anew: whoever answers must know whom it leaves out', () => {
    const { about, widened } = join(opened(by(key(1))), by(key(2), key(1)));

    assert.deepEqual(about.callers, [key(1), key(2)]);
    assert.equal(widened, true);
    assert.equal(join(about, by(key(2))).widened, false);
  });

  it('asks nothing anew for a refused call, nor in a case from before callers were kept', () => {
    const { callers: _before, ...old } = opened(by(key(1)));

    assert.equal(join(opened(by(key(1))), by(key(2)), anAlert({ attempt: true })).widened, false);
    assert.equal(join(old, by(key(2))).widened, false);
    assert.deepEqual(join(old, by(key(2))).about.callers, [key(2)]);
  });

  it('is at most ten', () => {
    const many = Array.from({ length: 12 }, (_, at) => key(at));
    const { about } = join(opened(by(...many.slice(0, 6))), by(...many));

    assert.deepEqual(about.callers, many.slice(0, 10));
    assert.equal(join(about, by(...many)).widened, false);
  });

  it('is only who called since, once a question was answered', () =>
    assert.deepEqual(
      reopened({ ...opened(by(key(1))), state: 'dismissed' }, by(key(2)), anAlert(), AT).callers,
      [key(2)],
    ));
});

describe('Who called, as the record says,', () => {
  it('goes into the case', () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/alex`;
    const alert = anAlert({ identity: { type: 'IAMUser', arn } });

    assert.deepEqual(pointOut(aPolicy(), alert, settings)?.callers, [
      { kind: 'iam-user', account: ACCOUNT, name: 'alex' },
    ]);
  });
});

describe('A case that takes over another', () => {
  const taking = async (...own: readonly Target[]) => {
    const opening: Opening = { ...by(...own), covered: ['broader'] };
    const other: Case = { ...opened(by(key(1), key(2))), groupKey: 'broader' };
    const findOpenCase = async (group: string) => (group === 'broader' ? other : null);
    const tx = { findOpenCase, runsOf: async () => [] } as unknown as StoreTransaction;
    return takeOver(tx, opened(opening), opening);
  };

  it('takes who called there as well', async () =>
    assert.deepEqual((await taking(key(2), key(3))).about.callers, [key(2), key(3), key(1)]));

  it('leaves it alone where not all who called would be listed', async () => {
    const many = Array.from({ length: 9 }, (_, at) => key(at + 3));

    assert.deepEqual((await taking(...many)).from, []);
    assert.equal((await taking(...many.slice(1))).from.length, 1);
  });
});

describe('What a call was aimed at, in a case,', () => {
  const create = anAlert({ targets: [mallory] });
  const tried = anAlert({ targets: [mallory], attempt: true });

  const place = { account: ACCOUNT, region: 'eu-central-1' } as const;
  const website: Target = { ...place, kind: 'bucket', name: 'www.contoso.example' };

  it('is only shown while the call was refused: nobody gets a colleague locked out, or a web site closed, by failing at it', () => {
    for (const target of [
      mallory,
      key(1),
      { kind: 'iam-role', account: ACCOUNT, name: 'Deploy' },
      website,
      { ...place, kind: 'object', bucket: 'contoso-press', key: 'kit.zip' },
      { ...place, kind: 'collaborator', bucket: 'contoso-press', principal: '444455556666' },
      { kind: 'aws-account', account: ACCOUNT },
    ] as const satisfies readonly Target[]) {
      const [listed] = opened(by(), anAlert({ targets: [target], attempt: true })).targets;

      assert.equal(listed?.kind, 'resource');
      assert.equal(listed && targetLabel(listed), targetLabel(target));
      const went = join(
        opened(by(), anAlert({ targets: [target], attempt: true })),
        by(),
        anAlert({ targets: [target] }),
      );
      assert.deepEqual(went.about.targets, [target], 'a call that went through is acted on');
    }
    assert.deepEqual(opened(by(), create).targets, [mallory]);
  });

  it('stays only shown when something else goes through', () => {
    const other: Target = { kind: 'iam-user', account: ACCOUNT, name: 'other' };
    const { about } = join(opened(by(), tried), by(), anAlert({ targets: [other] }));

    assert.deepEqual(about.targets, [other, shown]);
  });

  it('is listed once, whether it was tried, done or taken away again', () => {
    const removed = anAlert({ targets: [shown] });

    assert.deepEqual(join(opened(by(), tried), by(), create).about.targets, [mallory]);
    assert.deepEqual(join(opened(by(), removed), by(), create).about.targets, [mallory]);
    assert.deepEqual(join(opened(by(), create), by(), removed).about.targets, [mallory]);
    assert.deepEqual(join(opened(by(), create), by(), tried).about.targets, [mallory]);
  });

  it('is not taken for the bucket of another account, nor for another thing of that name', () => {
    const other: Target = { ...website, account: '444455556666' };
    const { about } = join(
      opened(by(), anAlert({ targets: [website], attempt: true })),
      by(),
      anAlert({ targets: [other] }),
    );

    assert.deepEqual(
      about.targets.map(({ kind }) => kind),
      ['bucket', 'resource'],
    );
  });

  it('is known again when it is tried after it was answered', () => {
    const answered: Case = { ...opened(by(), create), state: 'dismissed' };

    assert.equal(isRepeat(answered, by(), { ...tried, sourceId: `${ACCOUNT}/2` }, AT), true);
  });

  it('is another deed for another key', () => {
    const { about, widened } = join(
      opened(by(), anAlert({ targets: [shown, key(1)] })),
      by(),
      anAlert({ targets: [shown, key(2)] }),
    );

    assert.equal(widened, true);
    assert.deepEqual(about.targets.map(targetKey), [shown, key(1), key(2)].map(targetKey));
  });

  it('is one thing to cases and deeds, whether an action can change it or not', () => {
    const { hint } = by();
    const [typed, untyped] = [anAlert({ targets: [mallory] }), anAlert({ targets: [shown] })];
    const unknown = { kind: 'unknown', reason: 'x' } as const;

    assert.equal(deedOf(typed, hint).key, deedOf(untyped, hint).key);
    assert.equal(groupKey('p', hint, typed, 'target'), groupKey('p', hint, untyped, 'target'));
    assert.equal(groupKey('p', unknown, typed), groupKey('p', unknown, untyped));
  });

  it('is held by one case at a time, with all keys of a user together: how many stay is what the card says', () => {
    assert.equal(holdKey(key(1)), holdKey(key(2)));
    assert.equal(holdKey(key(1)), holdKey({ kind: 'iam-user', account: ACCOUNT, name: 'alex' }));
    assert.notEqual(holdKey(key(1)), holdKey(mallory));
  });

  for (const [what, target, german] of [
    ['a user', mallory, 'Benutzer mallory'],
    ['a role', { kind: 'iam-role', account: ACCOUNT, name: 'Deploy' }, 'Rolle Deploy'],
    ['an access key', key(1), 'Zugriffsschlüssel AKIAEXAMPLE1 von alex'],
    ['an account', { kind: 'aws-account', account: ACCOUNT }, `Konto ${ACCOUNT}`],
    [
      'somebody outside on a bucket',
      {
        ...{ kind: 'collaborator', account: ACCOUNT, region: 'eu-central-1', bucket: 'invoices' },
        principal: '111122223333',
      },
      'AWS-Konto 111122223333 bei invoices',
    ],
  ] as const satisfies readonly (readonly [string, Target, string])[])
    it(`is called the same in every language, though it was only tried: ${what}`, () => {
      const tried = onlyTried(target);

      assert.equal(tried.kind, 'resource');
      assert.deepEqual(targetSaid(tried), targetSaid(target));
      assert.equal(inLanguage('de', targetSaid(tried)), german);
    });

  it('is called as its vendor calls it where its label only looks like ours', () => {
    const other: Target = { kind: 'resource', id: 'somebody@contoso.example', label: 'user somebody' };

    assert.equal(targetSaid(other), 'user somebody');
  });
});
