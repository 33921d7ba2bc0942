// Follows `@odata.nextLink`: every page or an error, never a part that looks like the whole.
import { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import type { GraphCall, GraphClient } from './client.ts';
import { parseAnswer } from './parse.ts';

const pageBody = z.object({
  value: z.array(z.record(z.string(), z.json())),
  '@odata.nextLink': z.string().optional(),
});

/**
 * A page with more after it, or the last. An error that is an answer (`answers`) is no page at all, and only in place of the
 * first one: later it would make a part look like the whole. Throws `graph.unexpected` when an answer is not a page, or its link leads back.
 */
export async function* pagesOf(client: GraphClient, first: GraphCall): AsyncGenerator<readonly JsonObject[]> {
  const seen = new Set<string>();
  let next: GraphCall | null = first;
  while (next) {
    const answer = await client.call(next);
    if (answer.status >= 400) return;
    const page = parseAnswer(pageBody, answer, `a page of ${first.path}`);
    yield page.value;
    const link: string | undefined = page['@odata.nextLink'];
    if (link !== undefined && seen.has(link))
      throw new CountersignError('graph.unexpected', `${first.path}: the pages lead in a circle`, {
        requestId: answer.requestId,
      });
    if (link !== undefined) seen.add(link);
    const { query: _inTheLink, answers: _first, ...same } = first;
    next = link === undefined ? null : { ...same, path: link };
  }
}
