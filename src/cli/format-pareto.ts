import { objectivesOf } from '../domain/study.ts';
import type { SweepResult } from '../service/sweep.ts';
import type { ParetoReport, TrialReport } from '../service/sweep-report.ts';
import { formatNumber } from './format-number.ts';
import { type Column, textTable, wrapWords } from './text-table.ts';

/** The parts of a report that show a Pareto set of at least one trial: what each attains, the bounds, and its weights. */
export function formatPareto(
  { definition }: SweepResult,
  { trials }: ParetoReport,
  width: number,
): readonly string[] {
  const objectives = objectivesOf(definition).map(({ metric }) => metric);
  return [
    outcomeTable(objectives, trials, width),
    ...(definition.guardrails.length === 0 ? [] : [wrapWords(guardrailLine(trials[0]!), width).join('\n')]),
    weightTable(Object.keys(definition.weights), trials, width),
  ];
}

/** How many trials the set has, and what its hypervolume is measured from. */
export function paretoHeadline({ trials, hypervolume, referencePoint }: ParetoReport): string {
  const corner = Object.entries(referencePoint).map(([metric, value]) => `${metric} ${formatNumber(value)}`);
  const count = trials.length === 1 ? '1 trial' : `${trials.length} trials`;
  return `Pareto set: ${count}, hypervolume ${formatNumber(hypervolume)} from the reference point ${corner.join(', ')}`;
}

/** One row a trial, after one of the baseline where that is known. */
function outcomeTable(objectives: readonly string[], trials: readonly TrialReport[], width: number): string {
  const [{ metrics: first, guardrails }] = trials as readonly [TrialReport];
  const guarded = guardrails.map(({ metric }) => metric);
  const shown = [...new Set([...objectives, ...guarded])];
  const columns = shown.map((metric): Column => {
    const direction = objectives.includes(metric) ? `${first[metric]!.direction} ` : '';
    return { title: `${direction}${metric}`, align: 'right' };
  });
  const baseline = shown.map((metric) => first[metric]!.baseline);
  return textTable(
    [{ title: 'trial', align: 'left' }, ...columns],
    [
      ...(baseline.every((value) => value === null)
        ? []
        : [['baseline', ...baseline.map((value) => (value === null ? '-' : formatNumber(value)))]]),
      ...trials.map(({ number, metrics }) => [
        String(number),
        ...shown.map((metric) => formatNumber(metrics[metric]!.value)),
      ]),
    ],
    width,
  );
}

function guardrailLine({ guardrails }: TrialReport): string {
  const bounds = guardrails.map(({ guardrail, bound }) =>
    guardrail.includes('baseline') ? `${guardrail} = ${formatNumber(bound)}` : guardrail,
  );
  return `Met by all of them: ${bounds.join('; ')}`;
}

function weightTable(names: readonly string[], trials: readonly TrialReport[], width: number): string {
  return textTable(
    [{ title: 'trial', align: 'left' }, ...names.map((title): Column => ({ title, align: 'right' }))],
    trials.map(({ number, weights }) => [String(number), ...names.map((name) => String(weights[name]))]),
    width,
  );
}
