// Whoever is behind what a question would change is not asked it, and is known by then, however the settings name them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { randomIds, systemClock } from '../../src/adapters/system.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { CaseId } from '../../src/case/ids.ts';
import type { PlannedOffer } from '../../src/case/question.ts';
import type { IamUserTarget } from '../../src/case/target.ts';
import { createClockFor } from '../../src/chase/question-clock.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { routeCase } from '../../src/route/route-case.ts';
import { people } from '../../src/sandbox/people.ts';
import { aCase, settings as usual } from '../helpers/cases.ts';
import { english, testWords } from '../helpers/english.ts';
import { createFakeWorld } from '../helpers/fake-world.ts';

const { alex, morgan } = people;
const user: IamUserTarget = { kind: 'iam-user', account: '123456789012', name: 'morgan' };
const offer: PlannedOffer = {
  ...{ key: 'deny', label: 'Shut it out', left: [] },
  actions: [
    {
      ...{ action: 'aws.iam.attach-deny', title: 'Shut it out', target: user, says: [] },
      undo: { possible: true, says: 'Undo lets it in.' },
    },
  ],
};

const iamUsers = { 'arn:aws:iam::123456789012:user/morgan': morgan.userPrincipalName };
const settings = { ...usual, aws: { ...usual.aws, iamUsers }, asking: { ...usual.asking, relatedMs: 0 } };

describe('A question about an IAM user of a manager', () => {
  let directory: string;
  let store: Store;
  const world = createFakeWorld();
  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'countersign-'));
    store = await openStore({ words: testWords, directory, clock: systemClock });
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function asked(
    over: Partial<Case>,
    offers: readonly PlannedOffer[],
    lookUp: Directory = world.world.directory,
  ): Promise<Case> {
    const id = randomUUID() as CaseId;
    const subject = { id: alex.id, name: alex.displayName, userPrincipalName: alex.userPrincipalName };
    const open = { id, state: 'routing', question: null, named: [alex.id], version: 1 } as const;
    const about = aCase({ ...open, subject, hint: { kind: 'entra', id: alex.id }, ...over });
    await store.transact(async (tx) => {
      await tx.insertCase(about);
      await tx.addStep(id, { kind: 'route', key: '' });
    });
    const [step] = await store.takeSteps(1, 60_000);
    assert.ok(step);
    await routeCase(step, {
      ...{ store, settings, clock: systemClock, ids: randomIds, tenantId: 'tenant' },
      ...{ risk: world.world.risk, calendars: world.calendars, installer: world.installer },
      directory: lookUp,
      clockFor: createClockFor({ calendars: world.calendars, settings }),
      plan: async () => ({ offers, withheld: [] }),
    });
    return (await store.readCase(id)) ?? assert.fail();
  }

  it('goes to the manager where it is about something else', async () => {
    const about = await asked({}, []);

    const { approver } = about.question ?? assert.fail();
    assert.equal(approver.kind === 'person' && approver.id, morgan.id);
    assert.deepEqual(about.named, [alex.id]);
  });

  for (const [what, over, offers] of [
    ['what is offered', {}, [offer]],
    ['who called', { callers: [user] }, []],
  ] as const)
    it(`passes them over when it is ${what}, and knows them by their id`, async () => {
      const about = await asked(over, offers);

      const { approver, path: rungs } = about.question ?? assert.fail();
      assert.notEqual(approver.kind === 'person' && approver.id, morgan.id);
      assert.match(english(rungs[0]?.reason ?? ''), /would decide on something of their own/);
      assert.deepEqual(about.named, [alex.id, morgan.id]);
    });

  it('waits while nobody can say who that is', async () => {
    const away: Directory = {
      ...world.world.directory,
      findUser: async (id) => {
        if (id !== morgan.userPrincipalName.toLowerCase()) return world.world.directory.findUser(id);
        throw new CountersignError('graph.unavailable', 'away', { retryable: true });
      },
    };

    await assert.rejects(asked({}, [offer], away), { code: 'graph.unavailable' });
  });
});
