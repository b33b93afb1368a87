import { formatDerivedMetric } from '../domain/derived-metric.ts';
import { objectivesOf } from '../domain/study.ts';
import { BASELINE_TRIAL } from '../domain/trial.ts';
import { isBinned } from '../service/binned-log.ts';
import type { SweepResult } from '../service/sweep.ts';
import {
  type GuardrailReport,
  type StudyReport,
  sweepReport,
  type TrialReport,
} from '../service/sweep-report.ts';
import { binsText } from './format-bounds.ts';
import { formatBootstrap } from './format-bootstrap.ts';
import {
  errorsLine,
  formatChange,
  formatShortly,
  formatSlack,
  formatValue,
  verdictOf,
} from './format-errors.ts';
import { formatEmptyRequests } from './format-empty-requests.ts';
import { formatDisagreements, formatHoldOut } from './format-hold-out.ts';
import { formatNumber, formatPercent } from './format-number.ts';
import { formatPareto, paretoHeadline, paretoMetrics } from './format-pareto.ts';
import { formatSamples } from './format-samples.ts';
import { nextSteps, type StoredSweep } from './next-steps.ts';
import { textTable, wrapWords } from './text-table.ts';

/** The result of a sweep for a person: the weights, every metric against the baseline, the guardrails, what to do next; in lines of `width` where words allow it. */
export function formatReport(result: SweepResult, stored: StoredSweep, width = Infinity): string {
  const report = sweepReport(result);
  const parts = [headline(result, report)];
  const { pareto } = report;
  const shown = report.best ?? pareto?.nearest ?? null;
  if (shown !== null) {
    parts.push(weightTable(result, shown), metricTable(result, shown, width), ...derivedLines(result));
    const errors = errorsLine(result, shown.metrics);
    if (errors !== undefined) parts.push(wrapWords(errors, width).join('\n'));
    parts.push(shown.feasible ? wrapWords(bindingLine(shown), width).join('\n') : advice(shown, width));
  } else if (pareto) {
    parts.push(...formatPareto(result, pareto, width), ...derivedLines(result));
    const errors = errorsLine(result, paretoMetrics(result.definition, pareto.trials[0]!));
    if (errors !== undefined) parts.push(wrapWords(errors, width).join('\n'));
  }
  parts.push(...formatBootstrap(result, Object.keys(shown?.metrics ?? {}), width));
  parts.push(...formatHoldOut(result, width), ...formatDisagreements(result, width));
  parts.push(...formatSamples(result, width));
  const empty = formatEmptyRequests(result);
  if (empty !== undefined) parts.push(wrapWords(empty, width).join('\n'));
  const hasRanking = !isBinned(result.log) && shown?.feasible === true && shown.number !== BASELINE_TRIAL;
  parts.push(
    nextSteps(result.definition.name, {
      ...(hasRanking ? stored : { file: stored.file }),
      isTested: result.definition.online !== undefined,
    }),
  );
  return parts.join('\n\n');
}

function headline({ definition, log }: SweepResult, { counts, best, pareto }: StudyReport): string {
  const dropped =
    log.droppedRows > 0 ? ` (${log.droppedRows.toLocaleString('en')} without a score left out)` : '';
  const groups = isBinned(log) ? binsText(log) : `${log.requests.toLocaleString('en')} requests`;
  const lines = [
    `${definition.name}: ${log.rows.toLocaleString('en')} impressions${dropped} in ${groups}, ${counts.completed} trials, ${counts.feasible ?? 0} of them feasible`,
  ];
  if (pareto?.nearest) {
    lines.push(`No trial meets every guardrail. The nearest is trial ${pareto.nearest.number}.`);
  } else if (pareto) {
    lines.push(paretoHeadline(pareto));
  } else if (best !== null) {
    if (!best.feasible) lines.push(`No trial meets every guardrail. The nearest is trial ${best.number}.`);
    else if (best.number === BASELINE_TRIAL)
      lines.push('No trial beats the baseline, which meets every guardrail.');
    else if (best.beatsBaseline === false)
      lines.push(`No feasible trial beats the baseline; the best feasible is trial ${best.number}.`);
    else lines.push(`Best feasible weights: trial ${best.number}`);
  }
  return lines.join('\n');
}

function weightTable({ definition }: SweepResult, { weights, number }: TrialReport): string {
  const { baseline } = definition;
  const reference = baseline !== undefined && 'weights' in baseline ? baseline.weights : undefined;
  const columns = [
    { title: 'weight', align: 'left' },
    ...(reference === undefined ? [] : [{ title: 'baseline', align: 'right' } as const]),
    { title: `trial ${number}`, align: 'right' },
  ] as const;
  const rows = Object.entries(weights).map(([name, weight]) => [
    name,
    ...(reference === undefined ? [] : [String(reference[name])]),
    String(weight),
  ]);
  return textTable(columns, rows);
}

function metricTable(
  { definition }: SweepResult,
  { metrics, guardrails, number }: TrialReport,
  width: number,
): string {
  const objectives = new Set(objectivesOf(definition).map(({ metric }) => metric));
  const rows = Object.entries(metrics).map(([name, report]) => {
    const own = guardrails.filter(({ metric }) => metric === name);
    const role = objectives.has(name) ? [`objective, ${report.direction}`] : [];
    if (role.length === 0 && report.direction === 'minimize') role.push('less is better');
    return [
      name,
      report.baseline === null ? '-' : formatNumber(report.baseline),
      formatValue(report),
      formatChange(report),
      [...role, ...own.map(guardrailText)].join('; '),
    ];
  });
  return textTable(
    [
      { title: 'metric', align: 'left' },
      { title: 'baseline', align: 'right' },
      { title: `trial ${number}`, align: 'right' },
      { title: 'change', align: 'right' },
      { title: 'role', align: 'left' },
    ],
    rows,
    width,
  );
}

/** What each derived metric is, one line each. */
function derivedLines({ definition: { derived = {} } }: SweepResult): readonly string[] {
  const lines = Object.entries(derived).map(([name, metric]) => `${name} = ${formatDerivedMetric(metric)}`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function guardrailText(report: GuardrailReport): string {
  const { guardrail, metric, bound, margin } = report;
  const verdict =
    margin === null ? verdictOf(report) : `${verdictOf(report)}, ${formatSlack(report, formatShortly)}`;
  const asWritten = guardrail.slice(metric.length + 1);
  const value = asWritten.includes('baseline') ? ` = ${formatNumber(bound)}` : '';
  return `${asWritten}${value}: ${verdict}`;
}

function bindingLine({ guardrails }: TrialReport): string {
  const binding = guardrails.filter(({ binds }) => binds);
  if (guardrails.length === 0) return 'The study has no guardrails.';
  if (binding.length === 0) return 'No guardrail binds: the objective is free of them at these weights.';
  const texts = binding.map((report) => `${report.guardrail} (${formatSlack(report)})`);
  return `Binding: ${texts.join('; ')}. Loosening what binds may let the objective grow.`;
}

function shortfall({ guardrail, value, bound, slack, margin, relation }: GuardrailReport): string {
  const needed = margin === null ? '' : `, margin ${formatNumber(margin.margin)}`;
  const off = formatNumber(Math.abs(slack));
  if (slack >= 0) {
    const within = margin?.sem === null ? 'its bounds' : 'noise';
    return `  ${guardrail}: ${formatNumber(value)} meets ${formatNumber(bound)} by ${off}, within ${within}${needed}`;
  }
  const share = formatPercent(Math.abs(slack / (bound || 1))).slice(1);
  const side = relation === '>=' ? 'short of' : 'over';
  return `  ${guardrail}: ${formatNumber(value)} is ${off} (${share}) ${side} ${formatNumber(bound)}${needed}`;
}

const WHAT_TO_DO =
  'What to do: allow these metrics to lose at least that much, take a smaller guardrailMargin where it is within noise, more bins where it is within its bounds, widen the ranges or drop a linear constraint, or run more ' +
  'trials; until a trial is feasible, each is chosen for the probability of meeting every guardrail.';

function advice({ guardrails, number }: TrialReport, width: number): string {
  const violated = guardrails.filter(({ met }) => !met);
  const lines = violated.map(shortfall);
  return [`Trial ${number} violates`, ...lines, ...wrapWords(WHAT_TO_DO, width)].join('\n');
}
