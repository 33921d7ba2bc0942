// The words of `countersign policies`: names that were nearly right, counts in plain English, and text that is safe to print.
import assert from 'node:assert/strict';
import { spanText } from '../../src/case/moment-text.ts';
import { type Count, countText } from '../../src/cli/count-text.ts';
import { nearNames } from '../../src/cli/near-names.ts';
import { jsonLine, shown } from '../../src/cli/shown.ts';

describe('a name that no policy has', () => {
  const names = [
    'aws-root-account-use',
    'aws-s3-bucket-public',
    'aws-s3-config-changes',
    'm365-mass-download',
  ];

  it('leads to the ones with a few other letters', () => {
    assert.deepEqual(nearNames('aws-s3-bukcet-pulic', names), ['aws-s3-bucket-public']);
    assert.deepEqual(nearNames('M365_Mass_Downloads', names), ['m365-mass-download']);
  });

  it('leads to the ones with all of its words', () => {
    assert.deepEqual(nearNames('s3', names), ['aws-s3-bucket-public', 'aws-s3-config-changes']);
    assert.deepEqual(nearNames('public bucket', names), ['aws-s3-bucket-public']);
  });

  it('leads nowhere when nothing is near, or nothing was typed', () => {
    assert.deepEqual(nearNames('impossible', names), []);
    assert.deepEqual(nearNames('', names), []);
    assert.deepEqual(nearNames('-', names), []);
    assert.deepEqual(nearNames('x'.repeat(100_000), names), []);
  });
});

describe('what a counted policy counts', () => {
  const count: Count = {
    type: 'event_count',
    rules: ['one', 'two', 'three'],
    groupBy: ['userIdentity.arn', 'recipientAccountId'],
    field: null,
    condition: { gte: 10 },
    timespanMs: 600_000,
  };

  it('is a sentence for every type', () => {
    const said = (over: Partial<Count>): string => countText({ ...count, ...over });

    assert.equal(
      said({}),
      'at least 10 events with the same userIdentity.arn and recipientAccountId within 10 minutes',
    );
    assert.equal(
      said({ type: 'value_count', field: 'awsRegion', groupBy: [], condition: { gt: 3, lte: 9 } }),
      'more than 3 and at most 9 different values of awsRegion within 10 minutes',
    );
    assert.equal(
      said({ type: 'temporal_ordered', groupBy: [], condition: { gte: 2 } }),
      'events of at least 2 different rules out of one, two and three, in this order within 10 minutes',
    );
  });

  it('has its timespan in the largest unit that fits', () => {
    const texts = [1_000, 90_000, 3_600_000, 86_400_000, 1_209_600_000, 5].map((ms) => spanText(ms, 'en-GB'));

    assert.deepEqual(texts, ['1 second', '90 seconds', '1 hour', '1 day', '14 days', '5 milliseconds']);
  });
});

describe('text of others', () => {
  it('cannot steer the terminal or begin a line of its own', () => {
    assert.equal(
      shown('a\u001b[2Jb\nc\u202ed\u0085e\u2028f'),
      'a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{85}e\\u{2028}f',
    );
  });

  it('is cut, never through a character', () => {
    const cut = shown('😀'.repeat(600));

    assert.equal([...cut].length, 500);
    assert.ok(cut.isWellFormed() && cut.endsWith('😀…'));
    assert.equal(shown('é'.repeat(500)), 'é'.repeat(500));
  });

  it('is the same value as JSON, on one line without anything unprintable', () => {
    const value = { text: 'a\u001b[2J\n\u202e\u0085\u{e0041}\ud800 é 😀', list: [{ '\u007f': 1 }] };

    const line = jsonLine(value);

    assert.deepEqual(JSON.parse(line), value);
    assert.doesNotMatch(line, /[\p{C}\p{Zl}\p{Zp}]/u);
    assert.ok(line.includes('é 😀'));
  });
});
