// A list of many questions shows its reader no more than each question's own card.
import assert from 'node:assert/strict';
import { DEFAULT_VISIBILITY } from '../../src/case/visibility.ts';
import { type Desk, onBothDatabases } from '../decide/desk.ts';
import { createDigestStage } from './digest-stage.ts';

const KEY = 'plans/merger with Fabrikam';

describe('a list of many questions', () => {
  onBothDatabases((desk: () => Desk) => {
    const listed = async (files: boolean): Promise<string> => {
      desk().settings = { ...desk().settings, visibility: { ...DEFAULT_VISIBILITY, files } };
      const stage = createDigestStage(desk);
      await stage.flood(7, () => ({
        targets: [
          {
            ...{ kind: 'object', account: '123456789012', region: 'eu-central-1' },
            ...{ bucket: 'invoices', key: KEY },
          },
        ],
      }));
      await stage.pass(60_000);
      return JSON.stringify(stage.digest().card);
    };

    it('names what the settings let its reader see', async () => {
      assert.ok((await listed(true)).includes(KEY));
    });

    it('names nothing that they hide', async () => {
      const words = await listed(false);

      assert.ok(!words.includes('Fabrikam'), words);
      assert.match(words, /an object in invoices \(hidden by policy\)/);
    });
  });
});
