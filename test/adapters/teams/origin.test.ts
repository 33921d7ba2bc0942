import assert from 'node:assert/strict';
import { parseActivity } from '../../../src/adapters/teams/activity.ts';
import { checkOrigin } from '../../../src/adapters/teams/origin.ts';
import { BOT_APP_ID, PLAYED_MANAGER, TENANT_ID } from '../../../src/sandbox/people.ts';
import { activityBuilder } from '../../../src/sandbox/teams/activities.ts';

const SERVICE_URL = 'https://smba.trafficmanager.net/emea/';
const rules = { tenantId: TENANT_ID, serviceHosts: ['smba.trafficmanager.net'] };
const token = { raw: '', serviceUrl: SERVICE_URL, endorsements: ['msteams'] };
const activity = parseActivity(
  activityBuilder({ appId: BOT_APP_ID, tenantId: TENANT_ID, serviceUrl: SERVICE_URL }).said(
    { person: PLAYED_MANAGER },
    'hello',
  ),
);

describe('where an activity may come from', () => {
  it('is Teams, our tenant and a service URL of the cloud that the token names', () => {
    assert.doesNotThrow(() => checkOrigin(activity, token, rules));
  });

  it('is our tenant in any letter case', () => {
    const shouting = { ...rules, tenantId: TENANT_ID.toUpperCase() };

    assert.doesNotThrow(() => checkOrigin(activity, token, shouting));
  });

  for (const endorsements of [[], ['webchat'], ['MSTEAMS']]) {
    it(`is not a key that may speak for ${endorsements[0] ?? 'nobody'}`, () => {
      const foreign = { ...token, endorsements };

      assert.throws(() => checkOrigin(activity, foreign, rules), { status: 403, code: 'channel-refused' });
    });
  }

  it('is not a service URL that differs from the token in one character', () => {
    const other = { ...token, serviceUrl: SERVICE_URL.slice(0, -1) };

    assert.throws(() => checkOrigin(activity, other, rules), { status: 403, code: 'service-url-refused' });
  });
});
