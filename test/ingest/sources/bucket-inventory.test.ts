import assert from 'node:assert/strict';
import type { Alert } from '../../../src/case/alert.ts';
import { say } from '../../../src/case/said.ts';
import type { BucketTarget } from '../../../src/case/target.ts';
import { inventoryAlert } from '../../../src/ingest/sources/bucket-inventory.ts';
import { askAboutHidden, type Looked } from '../../../src/ingest/watch-hidden.ts';
import { english, inLanguage, testWords } from '../../helpers/english.ts';

const AT = '2026-11-21T10:00:00.000Z';
const bucket = (name: string): BucketTarget => ({
  kind: 'bucket',
  account: '123456789012',
  region: 'eu-west-1',
  name,
});
const why = say('s3.why.policy', { access: 'read', n: 1 });

describe('an alert about what was found by looking', () => {
  it('says why in the language of whoever reads it', () => {
    const { facts } = inventoryAlert(bucket('files'), [why], AT, english);

    assert.deepEqual(
      facts.map(({ label, value }) => [inLanguage('fr', label), inLanguage('fr', value)]),
      [
        ['Compte', '123456789012'],
        ['Région', 'eu-west-1'],
        [
          'Raison',
          'La stratégie du bucket donne à des personnes extérieures un accès en lecture (1 instruction).',
        ],
      ],
    );
  });

  it('is for policies, and to be told from another one, in English: words in a file change nothing about it', () => {
    const text = 'The bucket policy gives people outside read access (1 statement).';
    const asWords = inventoryAlert(bucket('files'), [why], AT, english);
    const asText = inventoryAlert(bucket('files'), [text], AT, english);

    assert.deepEqual(asWords.event.reasons, [text]);
    assert.equal(asWords.fingerprint, asText.fingerprint);
  });

  describe('of buckets that cannot be looked at', () => {
    const failed = (name: string, text: string): Looked => ({
      ...{ bucket: bucket(name), open: null },
      reasons: [say('s3.look.failed', { why: text })],
    });
    async function asked(seen: readonly Looked[]): Promise<readonly string[]> {
      const alerts: Alert[] = [];
      await askAboutHidden('123456789012', seen, {
        store: { readMark: async () => null, writeMark: async () => {} },
        at: AT,
        waiting: new Set(),
        words: testWords,
        accept: async (all) => {
          alerts.push(...all);
          return [];
        },
      });
      return alerts.flatMap(({ facts }) => facts.slice(1).map(({ value }) => english(value)));
    }

    it('says the same reason once', async () => {
      const open: Looked = { bucket: bucket('c'), open: false, reasons: [] };

      assert.deepEqual(await asked([failed('a', 'denied'), failed('b', 'denied'), open]), [
        '2 of 3 buckets cannot be looked at. Whether they are public is not known.',
        'It could not be looked at: denied.',
      ]);
    });

    it("finds in the reason that a bucket's own policy keeps our role out", async () => {
      const says = 'no, with an explicit deny in a resource-based policy';

      assert.deepEqual(await asked([failed('a', says), failed('b', says)]), [
        '2 of 2 buckets cannot be looked at. Whether they are public is not known.',
        "AWS says that a bucket's own policy denies it to Countersign's role.",
        `It could not be looked at: ${says}.`,
      ]);
    });

    it('takes a permission for missing where none can be looked at', async () => {
      assert.deepEqual(await asked([failed('a', 'denied'), failed('b', 'denied')]), [
        "None of the 2 buckets of AWS account 123456789012 can be looked at. Most likely the permission is missing: Countersign's role there needs those of docs/iam-policy.json. If it has them, somebody keeps it out.",
        'It could not be looked at: denied.',
      ]);
    });
  });
});
