import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { SweepResult } from '../service/sweep.ts';
import type { MetricReport, ParetoReport, TrialReport } from '../service/sweep-report.ts';
import { formatChange, formatShortly, formatSlack, formatValue } from './format-errors.ts';
import { formatNumber } from './format-number.ts';
import { type Column, textTable, wrapWords } from './text-table.ts';

/** The parts of a report that show a Pareto set of at least one trial: what each attains, the bounds, and its weights. */
export function formatPareto(
  { definition }: SweepResult,
  { trials }: ParetoReport,
  width: number,
): readonly string[] {
  const shown = Object.keys(paretoMetrics(definition, trials[0]!));
  return [
    outcomeTable(definition, shown, trials, width),
    ...changeTable(shown, trials, width),
    ...(definition.guardrails.length === 0 ? [] : [wrapWords(guardrailLine(trials[0]!), width).join('\n')]),
    ...slackTable(trials, width),
    weightTable(Object.keys(definition.weights), trials, width),
  ];
}

/** The metrics of a trial that the tables of a Pareto set show: the objectives, and what guardrails are of. */
export function paretoMetrics(
  definition: StudyDefinition,
  { metrics, guardrails }: TrialReport,
): Readonly<Record<string, MetricReport>> {
  const names = [...objectivesOf(definition), ...guardrails].map(({ metric }) => metric);
  return Object.fromEntries(names.map((metric) => [metric, metrics[metric]!]));
}

/** How many trials the set has, and what its hypervolume is measured from. */
export function paretoHeadline({ trials, hypervolume, referencePoint }: ParetoReport): string {
  const corner = Object.entries(referencePoint).map(([metric, value]) => `${metric} ${formatNumber(value)}`);
  const count = trials.length === 1 ? '1 trial' : `${trials.length} trials`;
  return `Pareto set: ${count}, hypervolume ${formatNumber(hypervolume)} from the reference point ${corner.join(', ')}`;
}

/** One row a trial, after one of the baseline where that is known. */
function outcomeTable(
  definition: StudyDefinition,
  shown: readonly string[],
  trials: readonly TrialReport[],
  width: number,
): string {
  const objectives = new Set(objectivesOf(definition).map(({ metric }) => metric));
  const [{ metrics: first }] = trials as readonly [TrialReport];
  const columns = shown.map((metric): Column => {
    const direction = objectives.has(metric) ? `${first[metric]!.direction} ` : '';
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
        ...shown.map((metric) => formatValue(metrics[metric]!)),
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

/** The changes to the baseline with their paired errors; nothing where the log did not measure both. */
function changeTable(
  shown: readonly string[],
  trials: readonly TrialReport[],
  width: number,
): readonly string[] {
  const isPaired = trials.some(({ metrics }) => shown.some((metric) => metrics[metric]!.changeSem !== null));
  if (!isPaired) return [];
  return [
    textTable(
      [
        { title: 'trial', align: 'left' },
        ...shown.map((metric): Column => ({ title: `change of ${metric}`, align: 'right' })),
      ],
      trials.map(({ number, metrics }) => [
        String(number),
        ...shown.map((metric) => formatChange(metrics[metric]!)),
      ]),
      width,
    ),
  ];
}

/** By how much each trial meets each guardrail, and by how much it must; nothing where there are no margins. */
function slackTable(trials: readonly TrialReport[], width: number): readonly string[] {
  const [{ guardrails }] = trials as readonly [TrialReport];
  if (guardrails.every(({ margin }) => margin === null)) return [];
  return [
    textTable(
      [
        { title: 'trial', align: 'left' },
        ...guardrails.map(({ guardrail }): Column => ({ title: guardrail, align: 'right' })),
      ],
      trials.map((trial) => [
        String(trial.number),
        ...trial.guardrails.map((report) => formatSlack(report, formatShortly)),
      ]),
      width,
    ),
  ];
}

function weightTable(names: readonly string[], trials: readonly TrialReport[], width: number): string {
  return textTable(
    [{ title: 'trial', align: 'left' }, ...names.map((title): Column => ({ title, align: 'right' }))],
    trials.map(({ number, weights }) => [String(number), ...names.map((name) => String(weights[name]))]),
    width,
  );
}
