// The operator's settings file: the example is valid, every problem is named with its place, nothing unknown slips through.
import assert from 'node:assert/strict';
import { isCountersignError } from '../src/case/errors.ts';
import { DEFAULT_DETECTION } from '../src/case/settings.ts';
import { parseSettings } from '../src/settings-file.ts';
import { settingsText } from './helpers/settings.ts';

const MEMBER = '00000000-0000-4000-8000-000000000003';

function refusal(text: string): string {
  try {
    parseSettings(text);
  } catch (error) {
    assert.ok(isCountersignError(error) && error.code === 'config.settings');
    return error.message;
  }
  return assert.fail(`accepted: ${text}`);
}

describe('the settings file', () => {
  it('needs the security team and its channel, and nothing else', () => {
    const settings = parseSettings(
      `security: { members: [${MEMBER.toUpperCase()}], channel: "19:x@thread.tacv2" }`,
    );

    assert.deepEqual(settings, {
      timeZone: 'UTC',
      security: { members: [MEMBER], channel: '19:x@thread.tacv2' },
      protectedUsers: [],
      aws: { accounts: [], samlRoles: [], sourceIdentityRoles: [], iamUsers: {} },
      detection: DEFAULT_DETECTION,
      governance: { dryRun: false, capsPerHour: {} },
    });
  });

  it('is refused when it is empty, is not YAML, or is no mapping', () => {
    assert.match(refusal(''), /^security /);
    assert.match(refusal('security: ['), /^is not YAML: /);
    assert.match(refusal('- security'), /^file /);
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    [
      'a time zone that does not exist',
      settingsText().replace('Europe/Berlin', 'CEST+1'),
      /^timeZone must be/,
    ],
    [
      'nobody in the security team',
      settingsText().replace(`[${MEMBER}]`, '[]'),
      /^security\.members must name/,
    ],
    [
      'a member by name',
      settingsText().replace(MEMBER, 'kim'),
      /^security\.members\.0 must be an Entra object id/,
    ],
    [
      'a channel by name',
      settingsText().replace('19:security@thread.tacv2', 'General'),
      /^security\.channel must/,
    ],
    [
      'a protected user by name',
      settingsText('protectedUsers: [root]'),
      /^protectedUsers\.0 must be an Entra/,
    ],
    [
      'an account without quotes',
      settingsText().replace('"123456789012"', '123456789012'),
      /^aws\.accounts\.0\.id /,
    ],
    [
      'a role of another account',
      settingsText().replace('iam::123456789012', 'iam::210987654321'),
      /^aws\.accounts\.0 roleArn is in another account/,
    ],
    [
      'an account twice',
      settingsText('    - { id: "123456789012", roleArn: arn:aws:iam::123456789012:role/Other }'),
      /^aws\.accounts lists an account twice/,
    ],
    [
      'a trusted role that is a name',
      settingsText('  samlRoles: [Administrator]'),
      /^aws\.samlRoles\.0 must be/,
    ],
    [
      'a trusted role that is a pattern',
      settingsText('  sourceIdentityRoles: ["*"]'),
      /^aws\.sourceIdentityRoles\.0 must be the ARN of a role/,
    ],
    [
      'an IAM user of nobody',
      settingsText('  iamUsers: { "arn:aws:iam::123456789012:user/alex": alex }'),
      /must be an Entra object id or a user principal name/,
    ],
    [
      'an IAM user by name',
      settingsText('  iamUsers: { alex: alex@contoso.example }'),
      /must be the ARN of an IAM/,
    ],
    [
      'a negative cap',
      settingsText('governance: { capsPerHour: { x: -1 } }'),
      /^governance\.capsPerHour\.x /,
    ],
    ['a dry run in words', settingsText('governance: { dryRun: "no" }'), /^governance\.dryRun /],
    ['a setting that there is not', settingsText('goverance: { dryRun: true }'), /goverance/],
    ['one further in', settingsText('governance: { dryrun: true }'), /^governance .*dryrun/],
  ];
  for (const [what, text, expected] of wrong)
    it(`refuses ${what}, and says where`, () => assert.match(refusal(text), expected));

  it('lists every problem at once', () => {
    const text = refusal('timeZone: Moon\nsecurity: { members: [kim], channel: General }\nextra: 1');

    assert.equal(text.split('; ').length, 4, text);
  });
});
