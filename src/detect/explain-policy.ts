// Why a policy matches an event or does not: its source, its scope, its detector, and its rules selection by selection.
import type { SourceName } from '../case/alert.ts';
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';
import type { Explanation, Test } from './compiled.ts';
import { DETECTOR_TEXTS, type DetectorName } from './detectors/index.ts';
import { auditRecordOf, sourceOf, type View } from './logsource.ts';

export interface ExplainedRule {
  readonly title: string;
  readonly view: View | null;
  readonly test: Test;
  readonly detector: { readonly name: DetectorName; readonly holds: (event: JsonObject) => boolean } | null;
}

export interface ExplainedPolicy {
  readonly policy: Policy;
  readonly scope: Test | null;
  /** Of a counted policy: what it counts, in words. */
  readonly counts: string | null;
  readonly rules: readonly ExplainedRule[];
}

export function explainPolicy(
  { policy, scope, counts, rules }: ExplainedPolicy,
  source: SourceName,
  event: JsonObject,
): Explanation {
  const parts: Explanation[] = [];
  if (policy.stage === 'off') parts.push({ text: 'it is off: it never matches', holds: false, parts: [] });
  if (scope) parts.push({ text: 'where it looks', holds: scope.holds(event), parts: [scope.explain(event)] });
  const explained = rules.map((rule) => explainRule(rule, source, event));
  const [only] = explained;
  if (counts === null && only) parts.push(...only.parts);
  else {
    const text = `it counts ${counts}`;
    parts.push({ text, holds: explained.some(({ holds }) => holds), any: true, parts: explained });
  }
  return { text: `${policy.id}: ${policy.title}`, holds: parts.every(({ holds }) => holds), parts };
}

function explainRule(
  { title, view, test, detector }: ExplainedRule,
  source: SourceName,
  event: JsonObject,
): Explanation {
  const own = view === null ? null : sourceOf(view);
  const reads =
    own === null
      ? 'no source delivers the logs that it reads'
      : `it reads ${own} events; this is one of ${source}`;
  const parts: Explanation[] = [{ text: reads, holds: own === source, parts: [] }];
  parts.push(test.explain(view === 'audit' ? auditRecordOf(event) : event));
  if (detector) {
    const text = `detector ${detector.name}: ${DETECTOR_TEXTS[detector.name]}`;
    parts.push({ text, holds: detector.holds(event), parts: [] });
  }
  return { text: title, holds: parts.every(({ holds }) => holds), parts };
}
