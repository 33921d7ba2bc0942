// The detection of every rule and filter to a test, before anything refers to it. A file with a rule that cannot be compiled is
// left out as a whole.
import type { AwsAccount, DetectionSettings } from '../case/settings.ts';
import { createBudgets, type Spend } from './budget.ts';
import { checkOffers } from './build-policy.ts';
import { compileFilter, compileRule } from './compile-rule.ts';
import type { Test } from './compiled.ts';
import { readCondition } from './count-condition.ts';
import { compileField } from './fields.ts';
import { viewOf } from './logsource.ts';
import { attempt, type PolicyProblem, problemAt } from './problem.ts';
import type { AnyDocument, RuleFile } from './read-file.ts';
import { escapePattern } from './text-pattern.ts';
import type { Surroundings } from './values.ts';

export interface CompileOptions {
  readonly knownActions: readonly string[];
  readonly settings: DetectionSettings;
  readonly accounts: readonly AwsAccount[];
  readonly organisations: readonly string[];
}

export interface CompiledDocuments {
  readonly files: readonly RuleFile[];
  /** Of a filter: what it suppresses. */
  readonly tests: ReadonlyMap<AnyDocument, Test>;
  readonly problems: readonly PolicyProblem[];
  readonly notes: readonly PolicyProblem[];
}

export function compileDocuments(all: readonly RuleFile[], options: CompileOptions): CompiledDocuments {
  const tests = new Map<AnyDocument, Test>();
  const problems: PolicyProblem[] = [];
  const notes: PolicyProblem[] = [];
  const budgetOf = createBudgets();
  const files = all.filter((file) => {
    const budget = budgetOf(file);
    for (const document of file.documents) {
      const outcome = attempt(document, () => {
        if (document.at === 0) checkOffers(document, options.knownActions);
        const test = compileDocument(document, options, budget.spend, notes);
        if (test) tests.set(document, test);
      });
      if (!('problem' in outcome)) continue;
      problems.push(outcome.problem);
      return false;
    }
    budget.keep();
    return true;
  });
  return { files, tests, problems, notes };
}

function compileDocument(
  document: AnyDocument,
  options: CompileOptions,
  spend: Spend,
  notes: PolicyProblem[],
): Test | null {
  const around = surroundingsOf(document, options, spend, notes);
  if (document.kind === 'rule') {
    const { detection, logsource } = document.rule;
    if (viewOf(logsource) === null) {
      notes.push(
        problemAt(document, ['logsource'], 'no source delivers these logs: the rule is listed, and waits'),
      );
    }
    return compileRule(detection, around);
  }
  if (document.kind === 'correlation') {
    const { correlation } = document.rule;
    readCondition(correlation);
    const fields = [...correlation['group-by'], ...Object.values(correlation.aliases).flatMap(Object.values)];
    for (const field of fields) compileField(String(field), ['correlation']);
    return null;
  }
  const { suppresses, negation } = compileFilter(document.rule.filter, around);
  if (negation) {
    const reason = 'read as other tools mean it: what follows "not" is suppressed';
    notes.push(problemAt(document, ['filter', 'condition'], reason));
  }
  return suppresses;
}

function surroundingsOf(
  document: AnyDocument,
  { settings, accounts }: CompileOptions,
  spend: Spend,
  notes: PolicyProblem[],
): Surroundings {
  const builtIn = new Map([
    ['countersign_roles', accounts.map(({ roleArn }) => escapePattern(roleArn))],
    ['own_accounts', accounts.map(({ id }) => id)],
  ]);
  return {
    spend,
    valuesOf: (name, path) => {
      const own = builtIn.get(name);
      if (own) return own;
      if (Object.hasOwn(settings.placeholders, name)) return settings.placeholders[name] ?? [];
      const reason = `nobody defined %${name}%: it stands for no value (detection.placeholders)`;
      notes.push(problemAt(document, path, reason));
      return [];
    },
  };
}
