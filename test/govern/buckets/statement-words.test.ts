// What the security role reads of a policy that changed since: whom, what and when its statements are about, whatever is written there.
import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../../../src/case/json.ts';
import { changedWords } from '../../../src/govern/buckets/statement-words.ts';
import { english, inLanguage } from '../../helpers/english.ts';
import { PARTNER_ACCOUNT, statement } from '../actions/s3-fixture.ts';

const policyOf = (...Statement: readonly Json[]): JsonObject => ({ Version: '2012-10-17', Statement });
const words = (from: JsonObject | null, now: JsonObject | null): string =>
  english(changedWords('1 statement', from, now));
const partner = statement({ AWS: PARTNER_ACCOUNT }, 'Partner');

describe('what became of the statements of a policy', () => {
  it('names whom a statement is about by now, under the same name as before', () => {
    const now = policyOf(statement({ AWS: '999999999999' }, 'Partner'));

    assert.equal(
      words(policyOf(partner), now),
      '1 statement; new: Partner (allows the AWS account 999999999999: s3:GetObject; on arn:aws:s3:::files/*); gone: Partner (allows the AWS account 444455556666: s3:GetObject; on arn:aws:s3:::files/*)',
    );
  });

  it('names conditions, denials, and everything but what is named', () => {
    const { Principal: _all, Action: _get, ...rest } = statement('*', 'Odd', { Effect: 'Deny' });
    const odd = {
      ...rest,
      ...{ NotPrincipal: { AWS: PARTNER_ACCOUNT }, NotAction: ['s3:GetObject', 's3:ListBucket'] },
      Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '198.51.100.0/24'] } },
    };

    assert.equal(
      words(null, policyOf(odd)),
      '1 statement; new: Odd (denies all except the AWS account 444455556666: all except s3:GetObject and s3:ListBucket; on arn:aws:s3:::files/*; if aws:SourceIp 192.0.2.0/24, 198.51.100.0/24 (IpAddress))',
    );
  });

  it('says it in the language of whoever reads it', () => {
    const changed = changedWords('1 Anweisung', null, policyOf(statement('*', 'Offen')));

    assert.equal(
      inLanguage('de', changed),
      '1 Anweisung; neu: Offen (Erlaubnis für: alle; was: s3:GetObject; worauf: arn:aws:s3:::files/*)',
    );
  });

  it('says nothing of what AWS gives back in other words', () => {
    const root = statement({ AWS: [`arn:aws:iam::${PARTNER_ACCOUNT}:root`] }, 'Partner');

    assert.equal(words(policyOf(partner), policyOf(root)), '1 statement');
  });

  it('shows first what is new, so that nobody can hide it behind what was there', () => {
    const many = Array.from({ length: 40 }, (_, n) => `arn:aws:iam::${PARTNER_ACCOUNT}:user/u${n}`);
    const before = policyOf(statement({ AWS: many }, 'Users'));
    const now = policyOf(statement({ AWS: [...many, '999999999999'] }, 'Users'));

    assert.match(words(before, now), /new: Users \(allows the AWS account 999999999999, /);
  });

  it('keeps to its length, and takes hostile text as text', () => {
    const long = 'x'.repeat(5_000);
    const hostile = statement(
      { AWS: `{who} **${long}**` },
      `{sid} [click](https://contoso.example) ${long}`,
      {
        Action: [long, '{n, plural, other {#}}'],
        Condition: { StringLike: { 'aws:Referer': [long] }, Odd: 'no object' },
      },
    );

    const said = words(null, policyOf(hostile, 'no statement', ...Array.from({ length: 90 }, () => hostile)));

    assert.ok(said.length < 4_000, String(said.length));
    assert.ok(said.includes('{sid} [click](https://contoso.example) xxx'));
    assert.ok(said.includes('{n, plural, other {#}}'));
    assert.match(said, /and 87 more$/);
  });
});
