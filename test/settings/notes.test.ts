// What of the operator's settings would do nothing, or would be missed one day: told at a start, which goes on.
import assert from 'node:assert/strict';
import { type Asking, DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Policy } from '../../src/case/policy.ts';
import { parseSettings } from '../../src/settings/file.ts';
import { settingsNotes } from '../../src/settings/notes.ts';
import { settingsText } from '../helpers/settings.ts';

const TWO = '[00000000-0000-4000-8000-000000000003, 00000000-0000-4000-8000-000000000004]';
const MAKE_PRIVATE = 'aws.s3.make-bucket-private';

describe('what is told of the settings at a start', () => {
  const text = (more: string, members = TWO): string =>
    settingsText(more).replace('[00000000-0000-4000-8000-000000000003]', members);
  const policy = (asking: Partial<Asking>, stage: Policy['stage'] = 'ask'): Policy =>
    ({
      ...{ id: 'p', stage, asking: { ...DEFAULT_ASKING, ...asking } },
      offers: [{ key: 'stop', label: 'Stop', actions: [MAKE_PRIVATE] }],
    }) as unknown as Policy;
  const told = (more: string, policies: readonly Policy[] = [], members?: string): readonly string[] =>
    settingsNotes(parseSettings(text(more, members), '.'), policies).map(
      ({ path, reason }) => `${path.join('.')} ${reason}`,
    );
  const containing = `asking: { containFirst: [${MAKE_PRIVATE}], patience: { high: { onTimeOut: contain } } }`;

  it('is nothing where nothing is amiss', () => assert.deepEqual(told(''), []));

  it('is that one person alone cannot be two', () => {
    const id = '00000000-0000-4000-8000-000000000003';

    for (const members of [`[${id}]`, `[${id}, ${id}]`])
      assert.match(told('', [], members).join(), /^security\.members names one person: /);
  });

  it('is that an account of ours could change the role that may bind it', () => {
    const role = (account: string) =>
      `  serviceControlPolicyRole: arn:aws:iam::${account}:role/CountersignPolicies`;

    assert.match(
      told(role('123456789012')).join(),
      /^aws\.serviceControlPolicyRole is in account 123456789012, /,
    );
    assert.deepEqual(told(role('111122223333')), []);
  });

  for (const [what, policies] of [
    ['none names', [policy({}), policy({ contain: null })]],
    ['names what there is not', [policy({ contain: 'stopp' })]],
    ['is off', [policy({ contain: 'stop' }, 'off')]],
  ] as const)
    it(`is that silence contains nothing, where the policy that would be contained ${what}`, () => {
      assert.match(
        told(containing, policies).join(),
        /^asking\.patience\.high\.onTimeOut contain does nothing: /,
      );
    });

  it('is that silence contains nothing where what a policy names may not be taken first', () => {
    const other = containing.replace(MAKE_PRIVATE, 'entra.user.suspend');

    assert.equal(told(other, [policy({ contain: 'stop' })]).length, 1);
    assert.deepEqual(told(containing, [policy({}), policy({ contain: 'stop' })]), []);
  });

  it('is how long nobody is waited for, where no policy asks the person in question first', () => {
    const set = 'asking: { subjectFirst: 30m }';

    assert.match(told(set, [policy({})]).join(), /^asking\.subjectFirst does nothing: /);
    assert.equal(told(set, [policy({ subjectFirst: true }, 'off')]).length, 1);
    assert.deepEqual(told(set, [policy({ subjectFirst: true })]), []);
  });

  it('is that nothing is watched where there are no accounts', () => {
    const withoutAccounts = parseSettings(text('').replace(/^aws:.*/ms, 'aws: { watchBuckets: 1h }'), '.');

    const [note] = settingsNotes(withoutAccounts, []);

    assert.match(`${note?.path.join('.')} ${note?.reason}`, /^aws\.watchBuckets does nothing: /);
    assert.deepEqual(told('  watchBuckets: 1h', [], TWO), []);
  });
});
