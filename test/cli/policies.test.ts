// `countersign policies`: what it lists, what it says of rules from outside, and why a policy matches an event or does not.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPoliciesCommand } from '../../src/cli/policies.ts';
import { captureOutput } from '../helpers/capture-output.ts';
import { jsonLines, runCommand } from '../helpers/command.ts';
import { settingsText } from '../helpers/settings.ts';

const POLICIES = path.join(import.meta.dirname, '../../policies');

const ruleText = (over: Readonly<Record<string, string>> = {}): string => {
  const {
    service = 'cloudtrail',
    detection = 'eventName: DeleteFunction',
    more = '',
    title = 'Lambda Deleted',
  } = over;
  return `
title: ${title}
logsource:
  product: aws
  service: ${service}
detection:
  selection:
    ${detection}
  condition: selection
tags:
  - attack.t1485
level: high
${more}`;
};
const COUNTED = `
title: Many Lambdas Deleted
level: critical
correlation:
  type: event_count
  rules:
    - lambda_gone
  group-by:
    - userIdentity.arn
  timespan: 10m
  condition:
    gte: 5
---
title: Lambda Gone
name: lambda_gone
logsource:
  product: aws
  service: cloudtrail
detection:
  selection:
    eventName: DeleteFunction
  condition: selection
`;
const EVENT = {
  eventID: '00000000-0000-4000-8000-000000000001',
  eventTime: '2026-01-12T09:14:02Z',
  eventSource: 'lambda.amazonaws.com',
  eventName: 'DeleteFunction',
  awsRegion: 'eu-central-1',
  recipientAccountId: '123456789012',
  sourceIPAddress: '192.0.2.44',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/alex', accountId: '123456789012' },
};

describe('countersign policies', () => {
  let folder: string;
  let rules: string;
  const write = (name: string, content: string | object): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  /** In this process; exit codes are kept from it. */
  const run = async (...args: readonly string[]) => {
    const before = process.exitCode;
    process.exitCode = undefined;
    try {
      const output = await captureOutput(() =>
        createPoliciesCommand().parseAsync(['node', 'policies', ...args]),
      );
      return { ...output, code: Number(process.exitCode ?? 0) };
    } finally {
      process.exitCode = before;
    }
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'countersign-policies-'));
    rules = path.join(folder, 'rules');
    mkdirSync(rules);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  describe('list', () => {
    it('gives every policy of the project a line', async () => {
      const { code, stdout, stderr } = await run('list');

      const names = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]);
      const files = readdirSync(POLICIES).filter((name) => name.endsWith('.yml'));
      assert.deepEqual([code, stderr], [0, '']);
      assert.deepEqual(names, files.map((name) => name.replace('.yml', '')).sort());
      assert.match(
        stdout,
        /^aws-s3-bucket-public +medium +ask +CloudTrail +- +T1530,T1537 +S3 Bucket Made Public$/m,
      );
    });

    it('lists rules from outside with the rest, and says which wait for logs', async () => {
      write('rules/lambda_deleted.yml', ruleText());
      write('rules/deeper/many.yml', COUNTED);
      write('rules/flow.yml', ruleText({ service: 'vpcflow', detection: 'action: REJECT' }));

      const { code, stdout } = await run('list', '--rules', rules);

      assert.equal(code, 0);
      assert.match(stdout, /^lambda_deleted +high +ask +CloudTrail +- +T1485 +Lambda Deleted$/m);
      assert.match(stdout, /^many +critical +ask +CloudTrail +counted +- +Many Lambdas Deleted$/m);
      assert.match(stdout, /^flow +high +ask +waiting for logs /m);
    });

    it('gives one JSON object a policy, staged as the settings say', async () => {
      write('rules/lambda_deleted.yml', ruleText());
      const settings = write(
        'settings.yml',
        settingsText('detection:\n  rules: [./rules]\n  policies:\n    lambda_deleted: { stage: monitor }\n'),
      );

      const { stdout } = await run('list', '--json', '--settings', settings);

      assert.deepEqual(
        jsonLines(stdout).find((line) => line.policy === 'lambda_deleted'),
        {
          policy: 'lambda_deleted',
          severity: 'high',
          stage: 'monitor',
          source: 'cloudtrail',
          outside: true,
          counted: false,
          techniques: ['T1485'],
          title: 'Lambda Deleted',
        },
      );
    });

    it('says what was refused, lists the rest, and fails', async () => {
      write('rules/lambda_deleted.yml', ruleText());
      const odd = write('rules/odd.yml', ruleText({ detection: 'eventName|sounds: like' }));

      const { code, stdout, stderr } = await run('list', '--rules', rules);

      assert.equal(code, 1);
      assert.match(stdout, /^lambda_deleted /m);
      assert.ok(stderr.startsWith(`${odd}:8: `), stderr);
    });

    it('names settings that cannot be read', async () => {
      const settings = write('settings.yml', 'timeZone: Nowhere\n');

      await assert.rejects(run('list', '--settings', settings), /settings\.yml: .*timeZone/);
      const unknown = write(
        'unknown.yml',
        settingsText('detection: { bounds: { actions: [no.such.action] } }\n'),
      );
      await assert.rejects(
        run('list', '--settings', unknown),
        /unknown\.yml: detection\.bounds\.actions names no\.such\.action; there are .* \(line 10\)/,
      );
      await assert.rejects(run('list', '--settings', `${settings}.none`), /settings\.yml\.none/);
    });

    it('lets no title steer the terminal', async () => {
      write('rules/title.yml', ruleText({ title: '"Bad \\e[2J\\u202E title"' }));

      const { stdout } = await run('list', '--rules', rules);

      assert.match(stdout, /Bad \\u\{1b\}\[2J\\u\{202e\} title$/m);
    });
  });

  describe('check', () => {
    it('ends with 0 and a summary where every rule loads', async () => {
      write('rules/lambda_deleted.yml', ruleText());
      write('rules/deeper/many.yml', COUNTED);
      const flow = write('rules/flow.yml', ruleText({ service: 'vpcflow', detection: 'action: REJECT' }));

      const { code, stdout, stderr } = await run('check', rules);

      const [said, summary] = stdout.split(/(?<=\n)/);
      assert.deepEqual([code, stderr], [0, '']);
      assert.ok(said?.startsWith(`${flow}:3: note: `), stdout);
      assert.equal(
        summary,
        'Files: 3. Policies that load: 3 (1 of them waiting for logs that no source delivers). Refused: 0.\n',
      );
    });

    it('names file, line and reason of each rule that is refused, and ends with 1', async () => {
      const odd = write('rules/odd.yml', ruleText({ detection: 'eventName|sounds: like' }));
      const broken = write('rules/broken.yml', 'title: [\n');
      write('rules/good.yml', ruleText());

      const { code, stdout } = await run('check', rules);

      const lines = stdout.trim().split('\n');
      assert.equal(code, 1);
      assert.equal(lines.length, 3, stdout);
      assert.ok(lines[0]?.startsWith(`${broken}:2: `) || lines[0]?.startsWith(`${broken}:1: `), stdout);
      assert.ok(lines[1]?.startsWith(`${odd}:8: detection.selection.eventName|sounds: `), stdout);
      assert.equal(lines[2], 'Files: 3. Policies that load: 1. Refused: 2.');
    });

    it('gives the same as JSON, one object a line', async () => {
      const odd = write('rules/odd.yml', ruleText({ detection: 'eventName|sounds: like' }));

      const { code, stdout } = await run('check', rules, '--json');

      const [refused, summary, ...others] = jsonLines(stdout);
      assert.equal(code, 1);
      assert.deepEqual([refused?.kind, refused?.file, refused?.line], ['refused', odd, 8]);
      assert.deepEqual(summary, { kind: 'summary', files: 1, policies: 0, waiting: 0, refused: 1 });
      assert.deepEqual(others, []);
    });

    it('says that a countersign block is ignored, which refuses nothing', async () => {
      const asking = write('rules/asking.yml', ruleText({ more: 'countersign:\n  question: Really?\n' }));

      const { code, stdout } = await run('check', rules);

      assert.equal(code, 0);
      assert.ok(stdout.startsWith(`${asking}:13: note: `), stdout);
    });

    it('takes placeholders from the settings, and blames no rule here for what they say of others', async () => {
      write('rules/country.yml', ruleText({ detection: "country|expand: '%Countries%'" }));
      const settings = write(
        'settings.yml',
        settingsText(
          'detection:\n  placeholders: { Countries: [DE] }\n  policies: { rule_elsewhere: { stage: monitor } }\n',
        ),
      );

      const [bare, told] = [await run('check', rules), await run('check', rules, '--settings', settings)];

      assert.match(bare.stdout, /country\.yml:8: note: .*%Countries%/);
      assert.equal(told.stdout, 'Files: 1. Policies that load: 1. Refused: 0.\n');
      assert.equal(told.code, 0);
      assert.equal((await run('check', POLICIES, '--settings', settings)).code, 0);
    });

    it('checks the project’s own policies as such', async () => {
      const { code, stdout } = await run('check', POLICIES);

      const own = readdirSync(POLICIES).filter((name) => name.endsWith('.yml')).length;
      assert.equal(code, 0, stdout);
      assert.equal(stdout, `Files: ${own}. Policies that load: ${own}. Refused: 0.\n`);
    });

    it('refuses a rule that takes the name of a policy of the project', async () => {
      write('rules/aws-s3-bucket-public.yml', ruleText());

      const { code, stdout } = await run('check', rules);

      assert.equal(code, 1);
      assert.match(stdout, /aws-s3-bucket-public\.yml:1: .*two policies/);
    });

    it('ends with 2 where there is no such folder', async () => {
      const none = await run('check', path.join(folder, 'none'));
      const file = await run('check', write('file.yml', ruleText()));

      assert.deepEqual([none.code, none.stdout, file.code, file.stdout], [2, '', 2, '']);
      assert.match(none.stderr, /is not a folder/);
    });
  });

  describe('explain', () => {
    const explain = (name: string, event: object, ...more: readonly string[]) =>
      run('explain', name, '--event', write('event.json', event), '--rules', rules, ...more);

    it('says of every selection whether it holds, with what was wanted and found', async () => {
      write('rules/two.yml', ruleText({ detection: 'eventName: DeleteFunction\n    awsRegion: us-east-1' }));

      const { code, stdout } = await explain('two', EVENT);

      assert.equal(code, 0);
      assert.match(stdout, /^two does not match this event\nLambda Deleted \(high, ask\)\n/);
      assert.match(stdout, /^ *\[yes\] .*eventName/m);
      assert.match(stdout, /^ *\[no\] {2}.*awsRegion.*us-east-1.*eu-central-1/m);
      assert.match(stdout, /^ *\[no\] {2}.*selection/m);
    });

    it('shows of many ways those that hold and the number of the others, and all where it is asked to', async () => {
      const ways = (count: number): string =>
        Array.from({ length: count }, (_, at) => `\n    - eventName: Call${at}`).join('');
      write(
        'rules/many.yml',
        ruleText({ detection: `${ways(40)}\n    - eventName: DeleteFunction\n    - awsRegion: nowhere` }),
      );
      write('rules/none.yml', ruleText({ detection: ways(40) }));
      write('rules/few.yml', ruleText({ detection: `${ways(5)}\n    - eventName: DeleteFunction` }));

      const [many, all] = [await explain('many', EVENT), await explain('many', EVENT, '--all')];
      const [none, few] = [await explain('none', EVENT), await explain('few', EVENT)];

      const nos = (text: string): number => text.match(/^ *\[no\]/gm)?.length ?? 0;
      assert.match(many.stdout, /^ *\[yes\] eventName: "DeleteFunction"/m);
      assert.match(many.stdout, /^ *\[no\] {2}41 others \(--all shows them\)$/m);
      assert.equal(nos(many.stdout), 1);
      assert.equal(nos(all.stdout), 41);
      assert.match(none.stdout, /^ *\[no\] {2}eventName: "Call4"/m);
      assert.match(none.stdout, /^ *\[no\] {2}35 others/m);
      assert.equal(nos(few.stdout), 5);
    });

    it('gives the same as one JSON object', async () => {
      write('rules/lambda_deleted.yml', ruleText());

      const { stdout } = await explain('lambda_deleted', { Records: [{}, EVENT] }, '--index', '1', '--json');

      const [line, ...others] = jsonLines(stdout);
      const { explanation, ...rest } = line ?? {};
      assert.deepEqual(others, []);
      assert.deepEqual(rest, {
        policy: 'lambda_deleted',
        title: 'Lambda Deleted',
        severity: 'high',
        stage: 'ask',
        source: 'cloudtrail',
        matches: true,
        counts: null,
        notes: [],
      });
      assert.equal((explanation as { holds?: unknown }).holds, true);
    });

    it('says of a policy that counts what it counts, and explains its rules', async () => {
      write('rules/many.yml', COUNTED);

      const [hit, miss] = [
        await explain('many', EVENT),
        await explain('many', { ...EVENT, eventName: 'Invoke' }),
      ];

      assert.match(hit.stdout, /^many counts this event\n/);
      assert.match(
        hit.stdout,
        /A case takes at least 5 events with the same userIdentity\.arn within 10 minutes\./,
      );
      assert.match(hit.stdout, /\[yes\] .*eventName/);
      assert.match(miss.stdout, /^many does not count this event\n/);
    });

    it('says why a match need not be asked about', async () => {
      const settings = write(
        'settings.yml',
        settingsText(
          'detection:\n  policies:\n    lambda_deleted: { stage: monitor, except: { users: [a@contoso.example] } }\n',
        ),
      );
      write('rules/lambda_deleted.yml', ruleText());

      const { stdout } = await explain('lambda_deleted', EVENT, '--settings', settings);

      assert.match(stdout, /^Note: it is on trial \(monitor\)/m);
      assert.match(stdout, /^Note: the settings narrow it to people or groups/m);
    });

    it('says so when the event is of another source than the policy’s', async () => {
      write('rules/lambda_deleted.yml', ruleText());

      const graph = await explain('m365-mass-download', EVENT);
      const cloudTrail = await explain('lambda_deleted', { id: 'mass-1', title: 'Mass download' });

      assert.match(graph.stdout, /does not match[\s\S]+Note: .*looks like a CloudTrail record/);
      assert.match(cloudTrail.stdout, /does not match[\s\S]+Note: .*does not look like one/);
    });

    it('prints nothing of a hostile event that a terminal would obey, and cuts what is long', async () => {
      write('rules/lambda_deleted.yml', ruleText());
      const eventName = `\u001b]0;x\u0007\n[yes] forged\u202e${'A'.repeat(100_000)}`;

      const { stdout } = await explain('lambda_deleted', { ...EVENT, eventName });

      assert.ok(stdout.length < 5_000, `${stdout.length} characters`);
      assert.doesNotMatch(stdout, /[^\n\P{C}]|^\[yes\] forged/mu);
      assert.match(stdout, /^lambda_deleted does not match/);
    });

    it('ends with 2 on a name that no policy has, and says which are near', async () => {
      const near = await explain('aws-s3-bukcet-public', EVENT);
      const far = await explain('constructor', EVENT);

      assert.deepEqual([near.code, near.stdout, far.code], [2, '', 2]);
      assert.match(near.stderr, /did you mean aws-s3-bucket-public\?/);
      assert.match(far.stderr, /see: countersign policies list/);
    });

    it('ends with 1 on a rule that waits for logs', async () => {
      write('rules/flow.yml', ruleText({ service: 'vpcflow', detection: 'action: REJECT' }));

      const { code, stderr } = await explain('flow', EVENT);

      assert.equal(code, 1);
      assert.match(stderr, /waiting for logs that no source delivers/);
    });
  });

  const wrong: readonly (readonly [readonly string[], 1 | 2, RegExp])[] = [
    [[], 2, /Usage: countersign policies/],
    [['mend'], 2, /unknown command 'mend'/],
    [['check'], 2, /missing required argument 'folder'/],
    [['check', 'nowhere'], 2, /nowhere is not a folder/],
    [['explain', 'aws-s3-bucket-public'], 2, /required option '--event <file>'/],
    [['explain', 'aws-s3-bucket-public', '--event', 'x.json', '--index', '-1'], 2, /whole number from 0 on/],
    [['explain', 'aws-s3-bucket-public', '--event', 'nowhere.json'], 1, /nowhere\.json cannot be read/],
    [['list', '--settings', 'nowhere.yml'], 1, /nowhere\.yml/],
  ];
  for (const [args, code, says] of wrong)
    it(`ends with ${code} and without a stack: countersign policies ${args.join(' ')}`, async () => {
      const ended = await runCommand(['policies', ...args]);

      assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr);
      assert.match(ended.stderr, says);
      assert.doesNotMatch(ended.stderr, /\n\s+at |node:internal|\.ts:\d/);
    });
});
