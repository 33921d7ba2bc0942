// How a policy asks, as the operator's settings say it over the policy's own file: through the product's own doors.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { english } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const { dana, grace, morgan } = people;
const HOUR = 3_600_000;
const DOWNLOAD = 'm365-mass-download';

describe("the operator's word on how a policy asks", function () {
  this.timeout(60_000);
  let world: TestWorld | undefined;
  const start = async (settings: Readonly<Record<string, unknown>>): Promise<TestWorld> => {
    world = await startWorld({ settings });
    return world;
  };
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it('asks whom it names, and everyone of them', async () => {
    const names = [dana, grace].map(({ userPrincipalName }) => userPrincipalName);
    const asking = { approvers: names, rule: 'everyone' };
    const { fire, cardFor, theCase } = await start({ detection: { policies: { [DOWNLOAD]: { asking } } } });

    const ref = refOf(await fire('mass-download'));

    await Promise.all(names.map((name) => cardFor(name, ref)));
    const { question } = await theCase(ref);
    assert.deepEqual(question?.rule, { kind: 'everyone' });
    assert.match(english(question.reason), /is named by the policy/);
  });

  it('asks the person in question first though the settings let nobody be asked beside them and security', async () => {
    const policies = { [DOWNLOAD]: { asking: { subjectFirst: true } } };
    const bounds = { ask: ['subject', 'security'] };
    const { fire, untilState } = await start({ detection: { policies, bounds } });

    const about = await untilState(refOf(await fire('synced-user')), 'asking');

    assert.equal(about.question?.approver.kind, 'subject', english(about.question?.reason ?? ''));
  });

  it('has silence make a bucket private that a policy of ours names, where it is listed', async () => {
    const patience = { medium: { timeOut: '4h', escalate: '4h', onTimeOut: 'contain', hours: 'clock' } };
    const asking = { containFirst: ['aws.s3.make-bucket-private'], patience };
    const { fire, cardFor, later, theCase } = await start({ asking });
    const ref = refOf(await fire('bucket-public'));
    const card = await cardFor(morgan.userPrincipalName, ref);
    assert.match(card.words, /If nobody answers by/);

    later(5 * HOUR);

    const first = await until('contained first', async () => (await theCase(ref)).containedFirst);
    assert.ok(first);
    assert.equal((await theCase(ref)).decisions[0]?.offer, 'make-private');
  });
});
