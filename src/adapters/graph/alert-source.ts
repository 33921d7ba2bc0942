// Defender's alerts through `/security/alerts_v2`: read by time, answered with a verdict and a comment. Raw JSON goes on as it came.
import { z } from 'zod';
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import type { AlertSource } from '../../ports/alert-source.ts';
import { type GraphClient, segment } from './client.ts';
import { pagesOf } from './pages.ts';
import { parseAnswer } from './parse.ts';
import type { GraphPermission } from './permissions.ts';

/** One permission for both: what may write an alert may read it. */
const ALERTS: readonly GraphPermission[] = ['SecurityAlert.ReadWrite.All'];
/** Without it, Graph hides newer services and categories behind `unknownFutureValue`. "Handling future members in evolvable enumerations". */
const PREFER = { Prefer: 'include-unknown-enum-members' };
const PAGE_SIZE = 100;
const alertBody = z.record(z.string(), z.json());

const updatedAt = (alert: JsonObject): number => {
  const time = Date.parse(String(alert.lastUpdateDateTime));
  return Number.isNaN(time) ? 0 : time;
};

/** Seven fractional digits, as Graph sends them, are finer than a Date: equal milliseconds fall back to the text. */
function byUpdate(one: JsonObject, other: JsonObject): number {
  const apart = updatedAt(one) - updatedAt(other);
  if (apart !== 0) return apart;
  const [left, right] = [String(one.lastUpdateDateTime), String(other.lastUpdateDateTime)];
  return left < right ? -1 : left > right ? 1 : 0;
}

export function createGraphAlertSource(client: GraphClient): AlertSource {
  return {
    async *updatedSince(since) {
      const time = Date.parse(since);
      if (Number.isNaN(time)) throw new CountersignError('graph.bad-time', 'The watermark is not a time.');
      const newest = new Map<unknown, JsonObject>();
      const pages = pagesOf(client, {
        method: 'GET',
        path: '/security/alerts_v2',
        query: { $filter: `lastUpdateDateTime ge ${new Date(time).toISOString()}`, $top: String(PAGE_SIZE) },
        headers: PREFER,
        permissions: ALERTS,
      });
      // "List alerts_v2" has no $orderby and answers newest first, so oldest first needs all of them. An alert that
      // moves while the pages are read comes twice: the later one stays.
      for await (const page of pages)
        for (const alert of page) {
          const known = newest.get(alert.id);
          if (!known || byUpdate(known, alert) < 0) newest.set(alert.id, alert);
        }
      const sorted = [...newest.values()].sort(byUpdate);
      for (let start = 0; start < sorted.length; start += PAGE_SIZE)
        yield sorted.slice(start, start + PAGE_SIZE);
    },

    async read(id) {
      const answer = await client.call({
        method: 'GET',
        path: `/security/alerts_v2/${segment(id)}`,
        headers: PREFER,
        permissions: ALERTS,
        answers: [404],
      });
      return answer.status === 404 ? null : parseAnswer(alertBody, answer, 'an alert');
    },

    async setVerdict(id, verdict) {
      await client.call({
        method: 'PATCH',
        path: `/security/alerts_v2/${segment(id)}`,
        body: { ...verdict },
        permissions: ALERTS,
      });
    },

    async comment(id, text) {
      await client.call({
        method: 'POST',
        path: `/security/alerts_v2/${segment(id)}/comments`,
        body: { '@odata.type': 'microsoft.graph.security.alertComment', comment: text },
        permissions: ALERTS,
      });
    },
  };
}
