// Letting somebody back in takes two different people, whatever the severity.
import assert from 'node:assert/strict';
import type { Severity } from '../../src/case/alert.ts';
import type { PlannedOffer } from '../../src/case/question.ts';
import { MANAGER, SECURITY } from '../helpers/cases.ts';
import { decided, offerOf, onBothDatabases, refusal } from './desk.ts';

const lettingIn = (action = 'let.1'): PlannedOffer => {
  const offer = offerOf(action);
  return { ...offer, actions: offer.actions.map((one) => ({ ...one, nature: 'lets-in' as const })) };
};

describe('letting somebody back in', () => {
  onBothDatabases((desk) => {
    const runsOf = async (id: Parameters<ReturnType<typeof desk>['now']>[0]) =>
      (await desk().stores[0]?.runsOf(id.id))?.length;

    for (const severity of [
      'informational',
      'low',
      'medium',
      'high',
      'critical',
    ] satisfies readonly Severity[])
      it(`takes two different people where the severity is ${severity}`, async () => {
        const about = await desk().open([lettingIn()], { severity });

        const asked = decided(await desk().approve(about, 'let.1', MANAGER));
        assert.equal(asked.state, 'routing');
        assert.match(asked.toSecurity ?? '', /One more person has to agree\. .* always takes two people\.$/);
        assert.equal(await runsOf(about), 0);

        await desk().askAgain(about);
        const confirmed = decided(await desk().approve(about, 'let.1', SECURITY));
        assert.equal(confirmed.state, 'executing');
        assert.equal(await runsOf(about), 1);
      });

    it('is not confirmed by whoever chose it, with whatever role', async () => {
      const about = await desk().open([lettingIn()], { severity: 'low' });
      decided(await desk().approve(about, 'let.1', SECURITY));
      await desk().askAgain(about);

      const again = refusal(await desk().approve(about, 'let.1', SECURITY));

      assert.equal(again.code, 'decide.same-person');
      assert.equal(await runsOf(about), 0);
    });

    it('leaves what keeps somebody out to one person', async () => {
      const about = await desk().open([offerOf('shut.5')], { severity: 'low' });

      assert.equal(decided(await desk().approve(about, 'shut.5', MANAGER)).state, 'executing');
    });
  });
});
