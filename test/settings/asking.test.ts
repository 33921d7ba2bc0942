// The `asking:` section of the operator's settings: the usual values, what is read, and every mistake with its place.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AskingSettings, DEFAULT_ASKING_SETTINGS } from '../../src/case/asking.ts';
import { isCountersignError } from '../../src/case/errors.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { parseSettings } from '../../src/settings/file.ts';
import { settingsText } from '../helpers/settings.ts';

const HOUR = 3_600_000;
const EXECUTIVE = '00000000-0000-4000-8000-0000000000C1';

describe('the asking settings', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'countersign-asking-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const written = (asking: string): string => settingsText(`asking:\n  ${asking.replaceAll('\n', '\n  ')}\n`);
  const read = (asking: string): AskingSettings => parseSettings(written(asking), folder).asking;
  const refusal = (asking: string): string => {
    try {
      read(asking);
    } catch (error) {
      assert.ok(isCountersignError(error) && error.code === 'config.settings');
      return error.message;
    }
    return assert.fail(`accepted: ${asking}`);
  };
  const holidays = (text: string): string => {
    writeFileSync(path.join(folder, 'holidays.yml'), text);
    return 'holidays: holidays.yml';
  };

  it('are as usual where nothing is said', () => {
    assert.deepEqual(parseSettings(settingsText(), folder).asking, DEFAULT_ASKING_SETTINGS);
    assert.deepEqual(read('patience: { high: {} }'), DEFAULT_ASKING_SETTINGS);
  });

  it('are read, in milliseconds and minutes of the day', () => {
    const asking = read(`patience:
  critical: { remind: 1m, escalate: 1m, timeOut: 1m, onTimeOut: contain }
  low: { remind: 1h, escalate: 2h, timeOut: 3d, onTimeOut: dismiss, hours: clock }
subjectFirst: 30m
workingHours: { days: [mon, sun], from: "08:30", to: "24:00" }
owners: [{ owner: kim.lee@contoso.example, buckets: ["web-*"] }]
containFirst: [entra.user.suspend]
quorum: { executives: [${EXECUTIVE}], administrators: false, targets: 3 }
longest: 30d
digest: { after: 2, within: 5m }
freshSignIn: 5m
related: 0s`);

    assert.deepEqual(asking.patience.critical, {
      ...{ remindMs: 60_000, escalateMs: 60_000, timeOutMs: 60_000, onTimeOut: 'contain', hours: 'clock' },
    });
    assert.deepEqual(asking.patience.low, {
      ...{ remindMs: HOUR, escalateMs: 2 * HOUR, timeOutMs: 72 * HOUR, onTimeOut: 'dismiss', hours: 'clock' },
    });
    assert.deepEqual(asking.patience.medium, DEFAULT_ASKING_SETTINGS.patience.medium);
    assert.deepEqual(asking.workingHours, { days: [1, 7], fromMinute: 510, toMinute: 1_440 });
    assert.deepEqual(asking.quorum.executives, [EXECUTIVE.toLowerCase()]);
    assert.deepEqual([asking.subjectFirstMs, asking.freshSignInMs, asking.relatedMs], [HOUR / 2, 300_000, 0]);
    assert.deepEqual(asking.digest, { after: 2, withinMs: 300_000 });
  });

  it('take days off from a file beside the settings, by zone', () => {
    const asking = read(holidays('"*": [2026-12-25]\nEurope/Berlin: ["2026-10-03"]\n'));

    assert.deepEqual(asking.holidays, { '*': ['2026-12-25'], 'Europe/Berlin': ['2026-10-03'] });
    assert.deepEqual(read(holidays('')).holidays, {});
  });

  const wrong: readonly (readonly [string, () => string, RegExp])[] = [
    [
      'moments in the wrong order',
      () => 'patience:\n  high: { remind: 2h, escalate: 1h, timeOut: 4h }',
      /^asking\.patience\.high must come in this order: remind, escalate, timeOut \(line 12\)$/,
    ],
    [
      'no patience at all',
      () => 'patience:\n  high:\n    remind: 0s',
      /^asking\.patience\.high\.remind must be a duration.* from 1m to 30d \(line 13\)/,
    ],
    [
      'a severity that there is not',
      () => 'patience: { urgent: {} }',
      /^asking\.patience .*"urgent".*\(line 11\)$/,
    ],
    [
      'a way out that there is not',
      () => 'patience: { low: { onTimeOut: ignore } }',
      /^asking\.patience\.low\.onTimeOut must be one of escalate, dismiss, contain/,
    ],
    ...(['medium', 'high', 'critical'] as const).map(
      (severity) =>
        [
          `silence that dismisses what is ${severity}`,
          () => `patience: { ${severity}: { onTimeOut: dismiss } }`,
          /onTimeOut silence never dismisses anything above low severity \(line 11\)/,
        ] as const,
    ),
    [
      'containing first where nothing may be',
      () => 'patience: { critical: { onTimeOut: contain } }',
      /^asking\.patience\.critical\.onTimeOut needs something .*containFirst is empty \(line 11\)$/,
    ],
    ['hours of nobody', () => 'patience: { low: { hours: office } }', /hours must be working or clock/],
    ['no day of work', () => 'workingHours: { days: [] }', /^asking\.workingHours\.days .*\(line 11\)/],
    [
      'a day that there is not',
      () => 'workingHours: { days: [mon, holiday] }',
      /^asking\.workingHours\.days\.1 must be among mon/,
    ],
    [
      'a time that there is not',
      () => 'workingHours: { from: "9:00" }',
      /\.from must be a time such as 09:00/,
    ],
    [
      'a day that ends before it begins',
      () => 'workingHours: { from: "18:00", to: "09:00" }',
      /^asking\.workingHours must begin before they end/,
    ],
    [
      'a file of days off that is not there',
      () => 'holidays: none.yml',
      /^asking\.holidays cannot be read: .*none\.yml/,
    ],
    ['days off that are no YAML', () => holidays('a: [b'), /^asking\.holidays cannot be read: /],
    [
      'a day off that is no date',
      () => holidays('Europe/Berlin:\n  - 2026-10-03\n  - Christmas'),
      /^asking\.holidays holidays\.yml: Europe\/Berlin\.1 must be a date such as 2026-12-25.* \(line 3\) \(line 11\)$/,
    ],
    [
      'a day off that there is not',
      () => holidays('"*": ["2026-02-30"]'),
      /holidays\.yml: \*\.0 must be a date such as 2026-12-25, and one that there is \(line 1\)/,
    ],
    [
      'days off of a place that is no zone',
      () => holidays('"*": []\nBavaria: []'),
      /holidays\.yml: Bavaria must be an IANA time zone or "\*" \(line 2\)/,
    ],
    [
      'days off that are no list',
      () => holidays('"*": 2026-12-25'),
      /holidays\.yml: \* must be a list of dates/,
    ],
    [
      'an owner of nothing',
      () => `owners: [{ owner: ${EXECUTIVE} }]`,
      /^asking\.owners\.0 must name accounts or/,
    ],
    [
      'an owner by first name',
      () => 'owners: [{ owner: kim, buckets: [web] }]',
      /^asking\.owners\.0\.owner must be an Entra object id or/,
    ],
    [
      'an account without quotes',
      () => `owners: [{ owner: ${EXECUTIVE}, accounts: [123456789012] }]`,
      /^asking\.owners\.0\.accounts\.0 must be twelve digits, in quotes \(line 11\)$/,
    ],
    [
      'a bucket by its ARN, which would match none',
      () => `owners: [{ owner: ${EXECUTIVE}, buckets: ["arn:aws:s3:::web-*"] }]`,
      /^asking\.owners\.0\.buckets\.0 must be a pattern of bucket names .*without arn:aws:s3:::/,
    ],
    [
      'an executive by name',
      () => 'quorum: { executives: [kim] }',
      /\.executives\.0 must be an Entra object id/,
    ],
    ['a quorum for nothing', () => 'quorum: { targets: 0 }', /^asking\.quorum\.targets /],
    ['what never ends', () => 'longest: 900d', /^asking\.longest must be a duration.* from 1h to 365d/],
    ['a digest of nothing', () => 'digest: { after: 0 }', /^asking\.digest\.after /],
    ['what there is not', () => 'reminders: 3', /^asking .*"reminders".*\(line 11\)$/],
  ];
  for (const [what, asking, expected] of wrong)
    it(`refuse ${what}, and say where`, () => assert.match(refusal(asking()), expected));

  const actions: readonly (readonly [string, readonly RegExp[]])[] = [
    ['aws.s3.make-bucket-private', []],
    ['entra.user.suspend', []],
    [
      'no.such.action',
      [/asking\.containFirst names no\.such\.action; there are .*entra\.user\.suspend.* \(line 14\)$/],
    ],
    ['entra.user.revoke-sessions', [/asking\.containFirst names .*, which cannot be undone \(line 14\)$/]],
    ['entra.user.unsuspend', [/which lets somebody in: that always takes two people \(line 14\)$/]],
  ];
  for (const [action, expected] of actions)
    it(`${expected.length === 0 ? 'let' : 'do not let'} ${action} be taken before anybody has answered`, () => {
      const text = written(`containFirst:\n  - entra.user.suspend\n  # the last\n  - ${action}`);

      const parse = (): unknown => parseSettings(text, folder, ACTIONS);

      if (expected.length === 0) assert.doesNotThrow(parse);
      for (const pattern of expected) assert.throws(parse, pattern);
    });

  it('do not let anything be taken first that only asks', () => {
    const text = written('containFirst: [test.ask]');
    const known = new Map([['test.ask', { targetKind: 'user', informs: true as const }]]);

    assert.throws(() => parseSettings(text, folder, known), {
      message:
        'asking.containFirst names test.ask, which only asks or tells somebody: that contains nothing (line 11)',
    });
  });
});
