// The operator's settings file: the example is valid, every problem is named with its place, nothing unknown slips through.
import assert from 'node:assert/strict';
import { DEFAULT_ASKING_SETTINGS } from '../../src/case/asking.ts';
import { isCountersignError } from '../../src/case/errors.ts';
import { DEFAULT_DETECTION } from '../../src/case/settings.ts';
import { DEFAULT_VISIBILITY } from '../../src/case/visibility.ts';
import { parseSettings } from '../../src/settings/file.ts';
import { settingsText } from '../helpers/settings.ts';

const MEMBER = '00000000-0000-4000-8000-000000000003';
const OTHER = '00000000-0000-4000-8000-000000000004';

function refusal(text: string): string {
  try {
    parseSettings(text, '.');
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
      '.',
    );

    assert.deepEqual(settings, {
      timeZone: 'UTC',
      locale: 'en-GB',
      security: { members: [MEMBER], channel: '19:x@thread.tacv2', onCall: [], admins: [] },
      asking: DEFAULT_ASKING_SETTINGS,
      visibility: DEFAULT_VISIBILITY,
      protectedUsers: [],
      users: { restrictDownloadsGroup: null, removableGroups: null, mailFrom: null },
      aws: {
        accounts: [],
        protectedPrincipals: [],
        serviceControlPolicyRole: null,
        watchBucketsMs: null,
        organisations: [],
        samlRoles: [],
        sourceIdentityRoles: [],
        iamUsers: {},
      },
      detection: DEFAULT_DETECTION,
      governance: {
        dryRun: false,
        capsPerHour: {},
        kindCapsPerHour: {},
        approverCapPerHour: 30,
        undoWindowMs: 30 * 86_400_000,
      },
    });
  });

  it('reads how long undo is possible and how often buckets are looked at, and whom nothing may touch', () => {
    const { governance, aws, users, detection } = parseSettings(
      `
security: { members: [${MEMBER}], channel: "19:x@thread.tacv2" }
users: { restrictDownloadsGroup: ${MEMBER.toUpperCase()}, mailFrom: security@contoso.example }
aws:
  watchBuckets: 15m
  serviceControlPolicyRole: arn:aws:iam::999988887777:role/Policies
  protectedPrincipals: ["arn:aws:iam::123456789012:role/BreakGlass*"]
governance: { undoWindow: 7d, kindCapsPerHour: { user: 5 }, approverCapPerHour: 3 }
detection: { policies: { m365-mass-download: { dryRun: true } } }
`,
      '.',
    );

    assert.deepEqual(
      [governance.undoWindowMs, governance.kindCapsPerHour, governance.approverCapPerHour],
      [7 * 86_400_000, { user: 5 }, 3],
    );
    assert.deepEqual(
      [aws.watchBucketsMs, aws.serviceControlPolicyRole, aws.protectedPrincipals],
      [900_000, 'arn:aws:iam::999988887777:role/Policies', ['arn:aws:iam::123456789012:role/BreakGlass*']],
    );
    assert.deepEqual([users.restrictDownloadsGroup, users.mailFrom], [MEMBER, 'security@contoso.example']);
    assert.equal(detection.policies['m365-mass-download']?.dryRun, true);
  });

  for (const [line, why] of [
    ['aws: { watchBuckets: 5s }', /watchBuckets must be a duration.*from 1m to 7d/],
    ['aws: { serviceControlPolicyRole: Policies }', /serviceControlPolicyRole must be the ARN of a role/],
    [
      'aws: { accounts: [{ id: "123456789012", roleArn: "arn:aws:iam::123456789012:role/One" }], serviceControlPolicyRole: "arn:aws:iam::123456789012:role/ONE" }',
      /aws\.serviceControlPolicyRole must not be the role of an account/,
    ],
    [
      'aws: { protectedPrincipals: ["*"] }',
      /protectedPrincipals\.0 must be the ARN of an IAM user or a role/,
    ],
    [
      'users: { restrictDownloadsGroup: everybody }',
      /restrictDownloadsGroup must be the object id of an Entra group/,
    ],
    ['governance: { undoWindow: 0m }', /undoWindow must be a duration.*from 1m to 365d/],
    ['governance: { approverCapPerHour: -1 }', /approverCapPerHour/],
  ] as const)
    it(`is refused with what is wrong in: ${line}`, () => {
      assert.match(
        refusal(`security: { members: [${MEMBER}], channel: "19:x@thread.tacv2" }\n${line}\n`),
        why,
      );
    });

  it('is refused when it is empty, is not YAML, or is no mapping', () => {
    assert.match(
      refusal(''),
      /^security\.members is missing: .*; security\.channel is missing: .*Get link to/,
    );
    assert.match(refusal('security: ['), /^is not YAML: /);
    assert.match(refusal('- security'), /^file /);
  });

  it('takes a section whose lines are all commented out for an empty one', () => {
    const sections = ['asking', 'visibility', 'protectedUsers', 'users', 'aws', 'detection', 'governance'];
    const bare = `security: { members: [${MEMBER}], channel: "19:x@thread.tacv2", onCall: , admins: }\n`;

    const settings = parseSettings(bare + sections.map((name) => `${name}:\n  # ...\n`).join(''), '.');

    assert.deepEqual(
      settings,
      parseSettings(`security: { members: [${MEMBER}], channel: "19:x@thread.tacv2" }`, '.'),
    );
    const deeper = 'asking:\n  patience:\n    high:\n  owners:\ndetection:\n  policies:\n    p:\n  bounds:\n';
    assert.deepEqual(parseSettings(settingsText(deeper), '.').asking, DEFAULT_ASKING_SETTINGS);
    assert.deepEqual(parseSettings(settingsText(deeper), '.').detection.policies, { p: {} });
    assert.match(
      refusal('security:\n  channel:\n'),
      /^security\.members is missing: .*; security\.channel is missing: /,
    );
  });

  for (const link of [
    'https://teams.microsoft.com/l/channel/19%3Asec%40thread.tacv2/General?groupId=1&tenantId=2',
    'https://teams.cloud.microsoft/l/channel/19%3asec%40thread.tacv2/Sicherheit',
    '19:sec@thread.tacv2',
  ])
    it(`reads which channel it is out of ${link}`, () => {
      const text = settingsText().replace('19:security@thread.tacv2', link);

      assert.equal(parseSettings(text, '.').security.channel, '19:sec@thread.tacv2');
    });

  it('is refused with the line of each problem', () => {
    const text = refusal(
      settingsText('detection:\n  lateness: soon\n  bounds:\n    buckets: [fine, ""]\n    who: me\n'),
    );

    for (const [what, line] of [
      ['lateness', 11],
      ['buckets.1', 13],
      ['"who"', 14],
    ])
      assert.ok(
        text.split('; ').some((one) => one.includes(`${what}`) && one.endsWith(`(line ${line})`)),
        `${what}: ${text}`,
      );
  });

  it('reads how policies are run, with durations in milliseconds and folders beside the file', () => {
    const { detection } = parseSettings(
      settingsText(`
detection:
  rules: [./rules, /srv/sigma]
  lateness: 90s
  placeholders: { Legitimate_Countries: [DE, FR], Ports: [22] }
  policies:
    aws-multiple-vm-deletion:
      stage: monitor
      threshold: 20
      timespan: 15m
      only: { accounts: ["123456789012"], regions: [eu-central-1, us-gov-west-1], networks: [192.0.2.0/24, "2001:db8::/32"] }
      except:
        users: [alex@contoso.example, ${MEMBER}, "arn:aws:iam::123456789012:role/Pipeline", "arn:aws:iam::123456789012:root"]
        groups: [${MEMBER.toUpperCase()}]
  bounds: { actions: [entra.user.suspend], ask: [security], buckets: ['contoso-*'], users: [] }
`),
      '/etc/countersign',
    );

    assert.deepEqual(detection, {
      ruleFolders: ['/etc/countersign/rules', '/srv/sigma'],
      latenessMs: 90_000,
      placeholders: { Legitimate_Countries: ['DE', 'FR'], Ports: ['22'] },
      policies: {
        'aws-multiple-vm-deletion': {
          stage: 'monitor',
          threshold: 20,
          timespanMs: 900_000,
          only: {
            accounts: ['123456789012'],
            regions: ['eu-central-1', 'us-gov-west-1'],
            networks: ['192.0.2.0/24', '2001:db8::/32'],
            users: [],
            groups: [],
          },
          except: {
            accounts: [],
            regions: [],
            networks: [],
            users: [
              'alex@contoso.example',
              MEMBER,
              'arn:aws:iam::123456789012:role/Pipeline',
              'arn:aws:iam::123456789012:root',
            ],
            groups: [MEMBER],
          },
        },
      },
      bounds: { actions: ['entra.user.suspend'], ask: ['security'], buckets: ['contoso-*'], users: [] },
    });
  });

  it('reads how a policy asks', () => {
    const { detection } = parseSettings(
      settingsText(`
detection:
  policies:
    one:
      asking: { approvers: [Kim.Lee@contoso.example], subjectFirst: true, rule: 2, comment: always, freshSignIn: true, contain: stop, onTimeOut: contain }
    other:
      asking: { rule: everyone, contain: null }
`),
      '.',
    );

    assert.deepEqual(detection.policies, {
      one: {
        asking: {
          ...{ approvers: ['kim.lee@contoso.example'], subjectFirst: true, rule: { kind: 'quorum', of: 2 } },
          ...{ comment: 'always', freshSignIn: true, contain: 'stop', onTimeOut: 'contain' },
        },
      },
      other: { asking: { rule: { kind: 'everyone' }, contain: null } },
    });
  });

  for (const [text, ms] of [
    ['0s', 0],
    ['45m', 2_700_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
  ] as const)
    it(`reads a lateness of ${text}`, () => {
      const { detection } = parseSettings(settingsText(`detection: { lateness: ${text} }`), '.');

      assert.equal(detection.latenessMs, ms);
    });

  const detection = (section: string): string => settingsText(`detection: { ${section} }`);
  const ofPolicy = (settings: string): string => detection(`policies: { p: { ${settings} } }`);
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    [
      'a time zone that does not exist',
      settingsText().replace('Europe/Berlin', 'CEST+1'),
      /^timeZone must be/,
    ],
    ...(['it-IT', 'German', 'de-', 'de-toolongasubtag', ''] as const).map(
      (locale) =>
        [
          `"${locale}" for a language`,
          settingsText(`locale: "${locale}"`),
          /^locale must be .*en-GB, de-DE, fr-FR, es-ES.* \(line \d+\)$/,
        ] as const,
    ),
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
      /^aws\.accounts\.0\.id must be twelve digits, in quotes \(line 8\)$/,
    ],
    [
      'an account without a role',
      settingsText().replace(/\n +roleArn: .*/, ''),
      /^aws\.accounts\.0\.roleArn is missing: it must be a text \(line 8\)$/,
    ],
    [
      'somebody on call who is no member, who could decide nothing',
      settingsText().replace('  channel', `  onCall:\n    - ${MEMBER}\n    - ${OTHER}\n  channel`),
      /^security\.onCall\.1 is not among security\.members: only they may be on call \(line 7\)$/,
    ],
    [
      'a link to something else',
      settingsText().replace(
        '19:security@thread.tacv2',
        'https://teams.microsoft.com/l/team/19%3Ax%40thread.tacv2',
      ),
      /^security\.channel must be a Teams channel id .*Get link to channel/,
    ],
    [
      'a value that was left empty',
      settingsText('governance:\n  dryRun:'),
      /^governance\.dryRun is empty: it must be true or false \(line 11\)$/,
    ],
    [
      'a bucket by its ARN, which would bound nothing',
      settingsText('detection: { bounds: { buckets: ["arn:aws:s3:::contoso-*"] } }'),
      /^detection\.bounds\.buckets\.0 must be a pattern of bucket names .*without arn:aws:s3:::/,
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
      'an organisation that is none',
      settingsText('  organisations: ["contoso"]'),
      /^aws\.organisations\.0 must be the id of an organisation \(o-\.\.\.\)/,
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
      /^governance\.capsPerHour\.x must be at least 0 \(line/,
    ],
    ['a dry run in words', settingsText('governance: { dryRun: "no" }'), /^governance\.dryRun /],
    ['a setting that there is not', settingsText('goverance: { dryRun: true }'), /goverance/],
    ['a lateness without a unit', detection('lateness: 30'), /^detection\.lateness must be a duration/],
    ['a lateness in weeks', detection('lateness: 1w'), /^detection\.lateness must be a duration/],
    ['a lateness that would keep events for ever', detection('lateness: 8d'), /^detection\.lateness .*to 7d/],
    ['a built-in placeholder', detection('placeholders: { own_accounts: [x] }'), /own_accounts is built in/],
    ['a placeholder of one text', detection('placeholders: { a: DE }'), /^detection\.placeholders\.a /],
    ['a rules folder without a name', detection('rules: [""]'), /^detection\.rules\.0 must be a folder/],
    [
      'a stage that there is not',
      ofPolicy('stage: test'),
      /^detection\.policies\.p\.stage must be one of ask/,
    ],
    [
      'a policy that asks somebody by first name',
      ofPolicy('asking: { approvers: [kim] }'),
      /^detection\.policies\.p\.asking\.approvers\.0 expected an object id or a user principal name \(line/,
    ],
    [
      'a policy that asks in a way that there is not',
      ofPolicy('asking: { patience: 1h }'),
      /^detection\.policies\.p\.asking .*"patience"/,
    ],
    [
      'how a policy asks in the wrong place',
      ofPolicy('subjectFirst: true'),
      /^detection\.policies\.p knows "subjectFirst" under `asking` alone \(line/,
    ],
    [
      'a rule of nobody',
      ofPolicy('asking: { rule: 1 }'),
      /^detection\.policies\.p\.asking\.rule expected first, everyone, sequence, or how many/,
    ],
    ['a threshold of nothing', ofPolicy('threshold: 0'), /^detection\.policies\.p\.threshold /],
    ['a timespan of nothing', ofPolicy('timespan: 0m'), /^detection\.policies\.p\.timespan must be a dur/],
    ['a setting of a policy that there is not', ofPolicy('ask: security'), /^detection\.policies\.p .*"ask"/],
    ['a scope that there is not', ofPolicy('only: { roles: [] }'), /^detection\.policies\.p\.only .*"roles"/],
    [
      'an account in scope without quotes',
      ofPolicy('only: { accounts: [123456789012] }'),
      /^detection\.policies\.p\.only\.accounts\.0 must be twelve digits/,
    ],
    ['a region by name', ofPolicy('only: { regions: [Frankfurt] }'), /\.only\.regions\.0 must be a region/],
    ['an address', ofPolicy('except: { networks: [192.0.2.7] }'), /\.except\.networks\.0 must be a CIDR/],
    ['half a network', ofPolicy('except: { networks: [192.0.2.0/33] }'), /\.networks\.0 must be a CIDR/],
    ['a network of nowhere', ofPolicy('except: { networks: [192.0.2/24] }'), /\.networks\.0 must be a CIDR/],
    ['a user by first name', ofPolicy('except: { users: [alex] }'), /\.users\.0 must be an Entra object id/],
    [
      'a user by the session of a role, which its caller names',
      ofPolicy('except: { users: ["arn:aws:sts::123456789012:assumed-role/Deploy/alex"] }'),
      /\.users\.0 is the ARN of a session.* name the role instead/,
    ],
    ['a group by name', ofPolicy('only: { groups: [Sales] }'), /\.groups\.0 must be the object id/],
    [
      'bounds that there are not',
      detection('bounds: { beforeAnswer: true }'),
      /^detection\.bounds .*"beforeAnswer"/,
    ],
    [
      'somebody else to ask',
      detection('bounds: { ask: [director, security] }'),
      /^detection\.bounds\.ask\.0 must be/,
    ],
    [
      'nobody to ask in the end',
      detection('bounds: { ask: [manager] }'),
      /^detection\.bounds\.ask must name/,
    ],
    [
      'a pattern with a space',
      detection('bounds: { buckets: ["a b"] }'),
      /^detection\.bounds\.buckets\.0 must/,
    ],
    [
      'what managers see in other words',
      settingsText('visibility: { adresses: false }'),
      /^visibility .*adresses/,
    ],
    [
      'half a yes to what they see',
      settingsText('visibility: { policies: { x: { files: maybe } } }'),
      /^visibility\.policies\.x\.files must be true or false/,
    ],
    ['one further in', settingsText('governance: { dryrun: true }'), /^governance .*dryrun/],
  ];
  for (const [what, text, expected] of wrong)
    it(`refuses ${what}, and says where`, () => assert.match(refusal(text), expected));

  it('hides from managers what it says, of all cases or of one policy', () => {
    const { visibility } = parseSettings(
      settingsText('visibility: { files: false, policies: { aws-root: { people: false } } }'),
      '/etc',
    );

    assert.deepEqual(visibility, {
      ...{ files: false, addresses: true, people: true },
      policies: { 'aws-root': { people: false } },
    });
  });

  for (const [locale, read] of [
    ['de-AT', 'de-AT'],
    ['fr', 'fr-FR'],
    ['es_MX', 'es-MX'],
    ['EN-us', 'en-US'],
  ] as const)
    it(`takes ${locale} for the tenant's language`, () =>
      assert.equal(parseSettings(settingsText(`locale: ${locale}`), '.').locale, read));

  it('lists every problem at once', () => {
    const text = refusal('timeZone: Moon\nsecurity: { members: [kim], channel: General }\nextra: 1');

    assert.equal(text.split('; ').length, 4, text);
  });
});
