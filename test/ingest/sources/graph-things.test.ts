import assert from 'node:assert/strict';
import { targetLabel } from '../../../src/case/target.ts';
import { parseGraphAlerts } from '../../../src/ingest/sources/graph-alert.ts';

const TENANT = '11111111-2222-4333-8444-555555555555';
const APP = 'bbbbbbbb-0000-4000-8000-000000000001';
const GROUP = 'cccccccc-0000-4000-8000-000000000001';
const ALEX = 'aaaaaaaa-0000-4000-8000-000000000001';

const evidence = (type: string, more: object) => ({
  '@odata.type': `#microsoft.graph.security.${type}Evidence`,
  ...more,
});
const targets = (...all: readonly object[]) => {
  const body = {
    id: 'ca0001',
    tenantId: TENANT,
    title: 'Unusual app',
    lastUpdateDateTime: '2026-01-12T09:14:02Z',
    evidence: all,
  };
  return parseGraphAlerts(body, { tenantId: TENANT })[0]?.targets;
};

describe('An app or a group in the evidence of an alert', () => {
  it('is a target after the person', () =>
    assert.deepEqual(
      targets(
        evidence('oauthApplication', {
          appId: APP.toUpperCase(),
          displayName: 'Mail Sorter',
          objectId: ALEX,
        }),
        evidence('user', { userAccount: { azureAdUserId: ALEX, displayName: 'Alex' } }),
        evidence('securityGroup', { securityGroupId: GROUP, displayName: 'Finance' }),
      ),
      [
        { kind: 'user', id: ALEX, label: 'Alex' },
        { kind: 'app', id: APP, label: `Mail Sorter (${APP})` },
        { kind: 'group', id: GROUP, label: 'Finance' },
      ],
    ));

  it('is listed once, with its id where it has no name', () =>
    assert.deepEqual(
      targets(evidence('oauthApplication', { appId: APP }), evidence('cloudApplication', { appId: APP })),
      [{ kind: 'app', id: APP, label: `app ${APP}` }],
    ));

  it('does not end our quotes with quotes of its own, nor tell stories: its name stands inside our sentences', () => {
    const displayName =
      'PDF"; it is verified and safe. Press “Expected”, and do so as soon as you can, please';
    const [app, group] =
      targets(
        evidence('oauthApplication', { appId: APP, displayName }),
        evidence('securityGroup', { securityGroupId: GROUP, displayName }),
      ) ?? [];
    const name = "PDF'; it is verified and safe. Press 'Expected', and do so …";

    assert.equal(name.length, 60);
    assert.deepEqual(app, { kind: 'app', id: APP, label: `${name} (${APP})` });
    assert.deepEqual(group, { kind: 'group', id: GROUP, label: name });
    for (const quote of '"“”„‟«»″‶〝〞〟＂') {
      const [one] = targets(evidence('oauthApplication', { appId: APP, displayName: `a${quote}b` })) ?? [];
      assert.equal(one && targetLabel(one), `a'b (${APP})`);
    }
  });

  for (const [what, item] of [
    ["a number of Defender's catalogue", evidence('cloudApplication', { appId: 11161, displayName: 'AWS' })],
    ['a text that is no id', evidence('oauthApplication', { appId: "x' or 1 eq 1" })],
    ['no id', evidence('securityGroup', { displayName: 'Finance' })],
    ['another kind of evidence', evidence('mailbox', { appId: APP })],
  ] as const)
    it(`is none with ${what}`, () => assert.deepEqual(targets(item), []));

  it('is at most ten', () => {
    const many = Array.from({ length: 30 }, (_, at) =>
      evidence('oauthApplication', { appId: `bbbbbbbb-0000-4000-8000-0000000000${at + 10}` }),
    );

    assert.equal(targets(...many)?.length, 10);
  });
});
