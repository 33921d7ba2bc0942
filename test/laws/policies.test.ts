// Every policy in policies/ loads, says what it must, and proves itself on its own examples.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Alert } from '../../src/case/alert.ts';
import { detect } from '../../src/detect/detect.ts';
import { loadPolicies } from '../../src/detect/load-policies.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { parseCloudTrail } from '../../src/ingest/sources/cloudtrail-event.ts';
import { parseGraphAlerts } from '../../src/ingest/sources/graph-alert.ts';
import { TENANT_ID } from '../../src/sandbox/people.ts';

const FOLDER = join(import.meta.dirname, '../../policies');
const ACCOUNT = '123456789012';
const OWN_ROLE = `arn:aws:iam::${ACCOUNT}:role/countersign-governance`;

const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => ({ name, text: read(name) }));
const knownActions = [...ACTIONS.keys()];
const { policies, problems } = loadPolicies(files, { knownActions });

const ruleSchema = z.looseObject({
  title: z.string(),
  id: z.guid(),
  name: z.string(),
  status: z.enum(['stable', 'test', 'experimental']),
  description: z.string().min(40),
  references: z.array(z.url()).min(1),
  author: z.string(),
  date: z.iso.date(),
  tags: z.array(z.string().startsWith('attack.')).min(2),
  logsource: z.looseObject({ product: z.enum(['aws', 'm365']) }),
  detection: z.looseObject({ condition: z.string() }),
  falsepositives: z.array(z.string().min(10)).min(1),
  level: z.enum(['low', 'medium', 'high', 'critical']),
  countersign: z.looseObject({ question: z.string().endsWith('?') }),
});
const examplesSchema = z.strictObject({
  match: z.array(z.unknown()).min(2),
  noMatch: z.array(z.unknown()).min(2),
});

const alertOf = (event: unknown, product: string): Alert => {
  const alerts =
    product === 'aws'
      ? parseCloudTrail(event, { accounts: [ACCOUNT] })
      : parseGraphAlerts(event, { tenantId: TENANT_ID });
  const [alert] = alerts;
  assert.ok(alert);
  return alert;
};

describe('The policies', () => {
  it('all load', () => assert.deepEqual(problems, []));

  it('are the files of the folder, each with its examples and nothing besides', () => {
    const expected = policies.flatMap(({ id }) => [`${id}.yml`, `${id}.examples.json`]);

    assert.deepEqual(readdirSync(FOLDER).sort(), expected.sort());
  });

  it('have different ids in the eyes of Sigma', () => {
    const ids = files.map((file) => parse(file.text).id);

    assert.equal(new Set(ids).size, ids.length);
  });
});

for (const policy of policies)
  describe(`The policy ${policy.id}`, () => {
    const rule = parse(policy.text);

    it('has what a Sigma rule and a question need', () => {
      const parsed = ruleSchema.parse(rule);

      assert.equal(parsed.name, policy.id);
      assert.ok(policy.techniques.length > 0, 'names a MITRE technique');
    });

    it('says for each offer what it does, or is for the security team', () => {
      assert.ok(policy.offers.length > 0 || policy.securityOnly);
      for (const offer of policy.offers)
        for (const action of offer.actions) assert.ok(knownActions.includes(action), action);
    });

    const examples = examplesSchema.parse(JSON.parse(read(`${policy.id}.examples.json`)));
    const fires = (event: unknown): boolean =>
      detect(policies, alertOf(event, rule.logsource.product), {
        countersignRoleArns: [OWN_ROLE],
        isOurs: false,
      }).some((match) => match.policy.id === policy.id);

    for (const [index, event] of examples.match.entries())
      it(`fires on its example ${index}`, () => assert.equal(fires(event), true));
    for (const [index, event] of examples.noMatch.entries())
      it(`keeps still on its counter-example ${index}`, () => assert.equal(fires(event), false));
  });
