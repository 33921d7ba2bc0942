// What the settings hide from managers is nowhere that they look: not on their cards, not in a list of many, not in lines of text. The
// security team sees all of it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DEFAULT_ASKING_SETTINGS } from '../../src/case/asking.ts';
import type { JsonObject } from '../../src/case/json.ts';
import { DEFAULT_VISIBILITY, type Visibility } from '../../src/case/visibility.ts';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';

const { morgan, yuki, mia, alex } = people;
const SECRETS = {
  files: ['merger with Fabrikam.docx', 'customers-emea.xlsx'],
  addresses: ['192.0.2.44', '198.51.100.77', 'drop@evil.example'],
  people: [mia.displayName, mia.userPrincipalName],
} as const;
const ALL = Object.values(SECRETS).flat();

const evidence = (type: string, fields: object) => ({
  '@odata.type': `#microsoft.graph.security.${type}`,
  roles: ['contextual'],
  ...fields,
});
/** Names files, addresses and a bystander, as evidence and in the vendor's own sentences. */
function telling(): JsonObject {
  const body = SAMPLES['mass-download']?.build(new Date(), randomUUID()) as JsonObject;
  return {
    ...body,
    title: `Mass download by a single user, shared with ${mia.displayName} and drop@evil.example`,
    description: `Sent merger with Fabrikam.docx to ${mia.userPrincipalName} from 198.51.100.77.`,
    evidence: [
      ...(body.evidence as readonly JsonObject[]),
      evidence('fileEvidence', { fileDetails: { fileName: 'merger with Fabrikam.docx' } }),
      evidence('userEvidence', {
        userAccount: {
          azureAdUserId: mia.id,
          userPrincipalName: mia.userPrincipalName,
          displayName: mia.displayName,
        },
      }),
    ],
  };
}

async function stage(visibility: Partial<Visibility>, asking = {}): Promise<{ test: TestApp; ref: string }> {
  const test = await createTestApp({
    visibility: { ...DEFAULT_VISIBILITY, ...visibility },
    asking: { ...DEFAULT_ASKING_SETTINGS, relatedMs: 0, ...asking },
  });
  const body = telling();
  test.world.addAlert(body);
  const [receipt] = await test.app.acceptGraph(body);
  assert.ok(receipt?.case, JSON.stringify(receipt));
  await test.settled(receipt.case);
  return { test, ref: receipt.case };
}
/** As people read it: without the escapes of markdown. */
const plain = (words: string): string => words.replaceAll('\\', '').replaceAll('\u200B', '');
const found = (words: string): readonly string[] =>
  ALL.filter((secret) => plain(words).toLowerCase().includes(secret.toLowerCase()));
const cardsOf = ({ world, draw }: TestApp): string =>
  [...world.cards.values()].map((card) => draw({ kind: 'card', card })).join('\n');

describe('what a manager may see', () => {
  it('is everything, unless the settings say otherwise', async () => {
    const { test, ref } = await stage({});
    try {
      assert.deepEqual(found(await test.say(morgan, `case ${ref}`)), ALL);
    } finally {
      await test.close();
    }
  });

  for (const [kind, secrets] of Object.entries(SECRETS))
    it(`has none of the ${kind} on any card or in any line where they are hidden, and the team has all of them`, async () => {
      const { test, ref } = await stage({ [kind]: false });
      try {
        const cards = cardsOf(test);
        await test.say(morgan, `dismiss ${ref}`);
        await test.settled(ref);
        const lines = await Promise.all(
          [`case ${ref}`, `log ${ref}`, 'cases', `undo ${ref}`, `approve ${ref}`].map((line) =>
            test.say(morgan, line),
          ),
        );

        const seen = [cards, cardsOf(test), ...lines];
        for (const words of seen)
          assert.deepEqual(
            found(words).filter((one) => (secrets as readonly string[]).includes(one)),
            [],
          );
        assert.match(plain(seen.join()), /hidden by policy/);
        assert.ok(cards.includes(alex.displayName), 'whom it is about is always named');
        assert.deepEqual(found(await test.say(yuki, `case ${ref}`)), ALL);
        assert.doesNotMatch(await test.say(yuki, `log ${ref}`), /hidden by policy/);
      } finally {
        await test.close();
      }
    });

  it('is hidden in a card of many questions as well', async () => {
    const { test } = await stage(
      { files: false, addresses: false, people: false },
      { digest: { after: 1, withinMs: 600_000 } },
    );
    try {
      for (const sample of ['bucket-public', 'object-public', 'mass-download']) await test.open(sample);

      const digest = [...test.world.cards.values()].find(({ template }) => template === 'digest');
      assert.ok(digest, 'there is one');
      assert.deepEqual(found(cardsOf(test)), []);
      assert.doesNotMatch(plain(cardsOf(test)), /price-list/);
    } finally {
      await test.close();
    }
  });

  it('shows the person in question no more and no less of what was done in their name', async () => {
    const { test, ref } = await stage({ files: false, addresses: false, people: false });
    try {
      const about = await test.settled(ref);
      assert.doesNotMatch(await test.say(alex, `was-me ${ref}`), /hidden by policy/);
      assert.ok(about.subject);
    } finally {
      await test.close();
    }
  });
});
