// How many things one button takes, and that the card names the others.
import assert from 'node:assert/strict';
import { CountersignError } from '../../src/case/errors.ts';
import { targetLabel } from '../../src/case/target.ts';
import type { World } from '../../src/govern/action.ts';
import { MOST_TARGETS, planOffers } from '../../src/govern/plan-offers.ts';
import { aCase, settings } from '../helpers/cases.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { erased, madeUpAction, thing } from '../helpers/made-up-action.ts';

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `b${n}`);

async function planned(found: readonly string[], isClosed: (name: string) => boolean = () => false) {
  const made = madeUpAction({ find: async () => found.map(thing) });
  for (const name of found) if (isClosed(name)) made.things.set(name, 'closed');
  const offer = { key: 'close', label: 'Close', actions: [made.action.id] };
  const about = aCase();
  const { offers, withheld } = await planOffers(
    { ...about, policy: { ...about.policy, offers: [offer] } },
    null,
    {
      actions: new Map([[made.action.id, erased(made.action)]]),
      world: { settings } as unknown as World,
      lastTry: true,
    },
  );
  return { offer: offers[0], withheld: withheld[0], reads: made.reads };
}

describe('one button for many things', () => {
  it('takes twenty of them, the first ones, and the card names the others', async () => {
    const { offer, reads } = await planned(names(24));

    assert.equal(MOST_TARGETS, 20);
    assert.deepEqual(
      offer?.actions.map(({ target }) => targetLabel(target)),
      names(20),
    );
    assert.deepEqual(allEnglish(offer?.left ?? []), ['4 more were not taken on: b20, b21, b22 and b23.']);
    assert.equal(reads, 20);
  });

  it('says nothing of others where there are none, and counts the rest of a long list', async () => {
    assert.deepEqual((await planned(names(20))).offer?.left, []);
    assert.deepEqual(allEnglish((await planned(names(21))).offer?.left ?? []), [
      '1 more was not taken on: b20.',
    ]);
    assert.deepEqual(allEnglish((await planned(names(40))).offer?.left ?? []), [
      '20 more were not taken on: b20, b21, b22, b23, b24 and 15 others.',
    ]);
  });

  it('is not filled up by things that it refuses', async () => {
    const { offer } = await planned(names(30), (name) => Number(name.slice(1)) < 12);

    assert.equal(offer?.actions.length, 18);
    assert.equal(offer?.left.length, 12);
  });

  it('looks at no more than sixty, and says that there were more even where it is not offered', async () => {
    const { offer, withheld, reads } = await planned(names(100), () => true);

    assert.equal(offer, undefined);
    assert.equal(reads, 60);
    assert.match(english(withheld?.reason ?? ''), /40 more were not taken on: b60, .* and 35 others\.$/);
  });
});

describe('an offer of which a part is done already', () => {
  async function offered(first: string, other: string) {
    const close = madeUpAction({ find: async () => [thing('invoices')] });
    const seal = madeUpAction({ id: 'test.thing.seal', find: async () => [thing('orders')] });
    close.things.set('invoices', first);
    seal.things.set('orders', other);
    if (first === 'refused') close.refuses = 'It is protected.';
    const { offers, withheld } = await planOffers(
      {
        ...aCase(),
        policy: {
          ...aCase().policy,
          offers: [{ key: 'both', label: 'Both', actions: [close.action.id, seal.action.id] }],
        },
      },
      null,
      {
        actions: new Map([close, seal].map(({ action }) => [action.id, erased(action)])),
        world: { settings } as unknown as World,
        lastTry: true,
      },
    );
    const [offer] = offers;
    return {
      does: offer?.actions.map(({ target }) => targetLabel(target)),
      left: offer && allEnglish(offer.left),
      withheld: withheld[0] && english(withheld[0].reason),
    };
  }

  it('is made for the rest, and says what it does not touch', async () => {
    assert.deepEqual(await offered('closed', 'open'), {
      does: ['orders'],
      left: ['invoices is closed already.'],
      withheld: undefined,
    });
    assert.deepEqual((await offered('open', 'closed')).does, ['invoices']);
  });

  it('is not made where all of it is so, nor where a part of it is refused for another reason', async () => {
    assert.deepEqual(await offered('closed', 'closed'), {
      does: undefined,
      left: undefined,
      withheld: 'invoices is closed already. orders is closed already.',
    });
    assert.equal((await offered('refused', 'open')).withheld, 'It is protected.');
  });
});

describe('an offer for what cannot be looked at', () => {
  const reasonFor = async (error: CountersignError): Promise<string> => {
    const made = madeUpAction({ find: async () => [thing('files')], read: () => Promise.reject(error) });
    const offer = { key: 'close', label: 'Close', actions: [made.action.id] };
    const about = aCase();
    const { withheld } = await planOffers({ ...about, policy: { ...about.policy, offers: [offer] } }, null, {
      actions: new Map([[made.action.id, erased(made.action)]]),
      world: { settings } as unknown as World,
      lastTry: true,
    });
    return english(withheld[0]?.reason ?? '');
  };

  it('says of what is not there just that, whether it ever was or not', async () => {
    const error = new CountersignError('aws.no-such-bucket', 'NoSuchBucket', {
      say: 'There is no bucket files in AWS account 123456789012.',
    });

    assert.equal(await reasonFor(error), 'There is no bucket files in AWS account 123456789012.');
  });

  it('says of anything else why not', async () => {
    const error = new CountersignError('aws.forbidden', 'AccessDenied', { say: 'It is not allowed.' });

    assert.equal(await reasonFor(error), 'files could not be looked at: It is not allowed.');
  });
});
