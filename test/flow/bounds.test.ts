// What no policy can go beyond, through the service's own doors: said on the card, and kept to when the settings change later.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;

describe('the bounds of policies', function () {
  this.timeout(60_000);
  let world: TestWorld;
  afterEach(() => world.close());
  const within = (bounds: Readonly<Record<string, unknown>>) => ({ detection: { bounds } });
  const start = async (bounds: Readonly<Record<string, unknown>>): Promise<void> => {
    world = await startWorld({ settings: within(bounds), waits: { backOff: () => 5 } });
  };
  const offersOf = async (ref: string): Promise<readonly string[]> =>
    (await world.theCase(ref)).question?.offers.map((offer) => offer.key) ?? [];
  const changes = (): readonly string[] =>
    world.sandbox.s3.world.calls
      .filter((one) => one.caller.includes('assumed-role') && /^(Put|Delete)/.test(one.operation))
      .map((one) => one.operation);

  it('keep a bucket as it is that no pattern takes, and the card says why', async () => {
    await start({ buckets: ['fabrikam-*'] });
    const ref = refOf(await world.fire('bucket-public'));
    const card = await world.cardFor(MORGAN, ref);

    assert.match(card.words, /settings do not allow changes to the bucket contoso/);
    assert.deepEqual(await offersOf(ref), ['deny-sso', 'sign-out', 'suspend']);
  });

  it('keep an account as it is whose name no pattern takes', async () => {
    await start({ users: ['*@fabrikam.example'], buckets: ['contoso-*'] });
    const ref = refOf(await world.fire('bucket-public'));
    const card = await world.cardFor(MORGAN, ref);

    assert.match(card.words, /settings do not allow changes to the account of Alex Weber/);
    // Nor is he shut out of AWS instead.
    assert.match(card.words, /settings do not allow changes to the account of alex\.weber@contoso\.example/);
    // Nor is the whole AWS account closed: not every bucket in it may be changed.
    assert.deepEqual(await offersOf(ref), ['make-private', 'remove-collaborators']);
  });

  it('offer only the actions that they list', async () => {
    await start({ actions: ['aws.s3.make-bucket-private'] });
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);

    assert.deepEqual(await offersOf(ref), ['make-private']);
  });

  it('send every question to the security team where no manager may be asked', async () => {
    await start({ ask: ['security'] });
    const ref = refOf(await world.fire('bucket-public'));
    const about = await world.untilState(ref, 'asking');

    assert.equal(about.question?.approver.kind, 'security');
    await world.untilIdle();
    assert.deepEqual(await world.messages(MORGAN), []);
  });

  it('send it there as well when a question from before they were drawn is asked anew', async () => {
    await start({});
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    world.changeSettings(within({ ask: ['security'] }));
    await world.restart();

    await world.fire('bucket-public-acl');
    await world.untilIdle();

    assert.equal((await world.theCase(ref)).question?.approver.kind, 'security');
  });

  it('hold for a question that was asked before they were drawn: nothing is changed, and security is told why', async () => {
    await start({});
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    world.changeSettings(within({ buckets: [] }));
    await world.restart();

    await world.say(MORGAN, `approve ${ref} make-private`);
    const about = await world.untilState(ref, 'asking');
    await world.untilIdle();

    assert.deepEqual(changes(), []);
    assert.equal(about.question?.approver.kind, 'security');
    assert.match(
      allEnglish((await world.runs(ref)).map(({ says }) => says ?? '')).join(),
      /settings do not allow changes to the bucket/,
    );
    assert.match(english(about.toSecurity ?? ''), /settings do not allow changes to the bucket/);
  });

  it('are looked at again when a case from before they were drawn is planned anew', async () => {
    await start({});
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    assert.ok((await offersOf(ref)).includes('suspend'));
    world.changeSettings(within({ actions: ['aws.s3.make-bucket-private'] }));
    await world.restart();

    const again = refOf(await world.fire('bucket-public-acl'));
    await world.untilIdle();

    assert.equal(again, ref);
    assert.deepEqual(await offersOf(ref), ['make-private']);
    assert.ok((await world.theCase(ref)).policy.offers.some((offer) => offer.key === 'suspend'));
  });
});
