import assert from 'node:assert/strict';
import { parseActivity } from '../../../src/adapters/teams/activity.ts';
import { presenceOf } from '../../../src/adapters/teams/presence.ts';
import { BOT_APP_ID, chatIdOf, PLAYED_MANAGER, people, TENANT_ID } from '../../../src/sandbox/people.ts';
import { activityBuilder } from '../../../src/sandbox/teams/activities.ts';

const SERVICE_URL = 'https://smba.trafficmanager.net/emea/';
const build = activityBuilder({ appId: BOT_APP_ID, tenantId: TENANT_ID, serviceUrl: SERVICE_URL });
const place = { person: PLAYED_MANAGER };
const channel = { id: '19:abc@thread.tacv2', name: 'Security', teamId: '19:team@thread.tacv2' };
const BOT = { id: `28:${BOT_APP_ID}` };
const look = (activity: object) => presenceOf(parseActivity(activity), TENANT_ID);
const MORGAN = {
  tenantId: TENANT_ID,
  id: PLAYED_MANAGER.id,
  teamsId: PLAYED_MANAGER.teamsId,
  conversation: { id: chatIdOf(PLAYED_MANAGER), serviceUrl: SERVICE_URL },
  locale: 'en-GB',
  timeZone: 'Europe/Berlin',
};

describe('what an activity says about who can be reached', () => {
  it('an installation makes the person reachable in that chat', () => {
    assert.deepEqual(look(build.installed(place)), { reachable: [MORGAN], gone: [] });
  });

  it('so does any line they write, under the tenant and their object id in lower case', () => {
    const shouted = { ...MORGAN, aadObjectId: PLAYED_MANAGER.id.toUpperCase() };
    const activity = {
      ...build.said(place, 'hi'),
      from: { id: shouted.teamsId, aadObjectId: shouted.aadObjectId },
    };

    assert.deepEqual(look(activity).reachable, [MORGAN]);
  });

  it('a chat made for a member who is not the sender belongs to the member', () => {
    const activity = {
      ...build.installed(place),
      type: 'conversationUpdate',
      from: { id: '29:service' },
      membersAdded: [BOT, { id: PLAYED_MANAGER.teamsId, aadObjectId: PLAYED_MANAGER.id }],
    };

    assert.deepEqual(look(activity).reachable, [MORGAN]);
  });

  it('takes the time zone of the client where the activity has none, and none where it is made up', () => {
    const base = { ...build.said(place, 'hi'), localTimezone: undefined };
    const zoneOf = (entities: object[]) => look({ ...base, entities }).reachable[0]?.timeZone;

    assert.equal(zoneOf([{ type: 'clientInfo', timezone: 'Asia/Kolkata' }]), 'Asia/Kolkata');
    assert.equal(zoneOf([{ type: 'clientInfo', timezone: 'Mars/Olympus' }]), undefined);
    assert.equal(zoneOf([{ type: 'clientInfo', timezone: { $gt: '' } }]), undefined);
    assert.equal(zoneOf([]), undefined);
  });

  const localeOf = (over: object) => look({ ...build.said(place, 'hi'), ...over }).reachable[0]?.locale;

  for (const [said, read] of [
    ['de', 'de'],
    ['de-DE', 'de-DE'],
    ['de_DE', 'de-DE'],
    ['../../etc/passwd', undefined],
  ] as const)
    it(`takes ${said} for the locale ${read}`, () => {
      assert.equal(localeOf({ locale: said }), read);
    });

  it('takes the locale of the client where the activity has none, and none that is not one', () => {
    const ofClient = (locale: unknown) =>
      localeOf({ locale: undefined, entities: [{ type: 'clientInfo', locale }] });

    assert.equal(ofClient('de-AT'), 'de-AT');
    assert.equal(ofClient({ $gt: '' }), undefined);
    assert.equal(ofClient(undefined), undefined);
  });

  it('a removal makes the person gone, an upgrade does not', () => {
    assert.deepEqual(look(build.removed(place)), { reachable: [], gone: [PLAYED_MANAGER.id] });
    const upgrade = { ...build.removed(place), action: 'remove-upgrade' };
    assert.deepEqual(look(upgrade).gone, []);
  });

  it('a chat that the bot was taken out of is gone', () => {
    const activity = { ...build.installed(place), type: 'conversationUpdate', membersRemoved: [BOT] };

    assert.deepEqual(look(activity), { reachable: [], gone: [PLAYED_MANAGER.id] });
  });

  it('a channel is reachable under its own id, whoever writes and in whichever thread', () => {
    const activity = build.said({ ...place, channel, threadId: '17000' }, 'hi');

    assert.deepEqual(look(activity).reachable, [
      {
        tenantId: TENANT_ID,
        id: channel.id,
        teamsId: '',
        conversation: { id: channel.id, serviceUrl: SERVICE_URL },
      },
    ]);
  });

  it('a channel that is only named by its thread is still the channel', () => {
    const activity = { ...build.said({ ...place, channel, threadId: '17000' }, 'hi'), channelData: null };

    assert.deepEqual(
      look(activity).reachable.map((one) => [one.id, one.conversation.id]),
      [[channel.id, channel.id]],
    );
  });

  it('a colleague who leaves a team takes no channel away, a deleted channel does', () => {
    const update = { ...build.installed({ ...place, channel }), type: 'conversationUpdate' };
    const left = { ...update, membersRemoved: [{ id: people.lee.teamsId, aadObjectId: people.lee.id }] };
    const deleted = { ...update, channelData: { channel: { id: channel.id }, eventType: 'channelDeleted' } };

    assert.deepEqual(look(left).gone, []);
    assert.deepEqual(look(deleted), { reachable: [], gone: [channel.id] });
  });

  it('a group chat makes nobody reachable: a card there would be read by others', () => {
    const activity = {
      ...build.said(place, 'hi'),
      conversation: { id: '19:g@thread.v2', conversationType: 'groupChat', tenantId: TENANT_ID },
    };

    assert.deepEqual(look(activity), { reachable: [], gone: [] });
  });
});
