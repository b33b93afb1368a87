import type { SweepResult } from '../service/sweep.ts';
import type { HeldOutMetric, HeldOutTrial, RankingDisagreement } from '../service/sweep-report.ts';
import { formatChange, formatError, formatSlack, formatValue } from './format-errors.ts';
import { formatNumber, formatPercent } from './format-number.ts';
import { textTable, wrapWords } from './text-table.ts';

/** What became of the result on the hold-out; nothing where there is none. */
export function formatHoldOut({ holdout }: SweepResult, width: number): readonly string[] {
  if (holdout === undefined) return [];
  const { by, requests, rows, trials } = holdout;
  const rest =
    trials.length === 0
      ? 'As no trial beats the baseline, none is scored there.'
      : 'Optimism is what the log that was tuned on promises beyond it.';
  const head =
    `Hold-out by ${by}: ${rows.toLocaleString('en')} impressions in ${requests.toLocaleString('en')} requests, which no trial ` +
    `was chosen by. ${rest}`;
  return [
    wrapWords(head, width).join('\n'),
    ...trials.flatMap((trial) => [
      heldOutTable(trial, width),
      ...warningsOf(trial).map((line) => wrapWords(line, width).join('\n')),
    ]),
  ];
}

function heldOutTable({ number, metrics }: HeldOutTrial, width: number): string {
  return textTable(
    [
      { title: `trial ${number}`, align: 'left' },
      { title: 'tuned', align: 'right' },
      { title: 'hold-out', align: 'right' },
      { title: 'optimism', align: 'right' },
    ],
    Object.entries(metrics).map(([name, metric]) => {
      const format = metric.of === 'value' ? formatValue : formatChange;
      return [name, format(metric.tune), format(metric.holdout), optimism(metric)];
    }),
    width,
  );
}

function optimism({ of, optimism: value, optimismSem: sem }: HeldOutMetric): string {
  if (of !== 'relativeChange') {
    return sem === null ? formatNumber(value) : `${formatNumber(value)} ± ${formatError(sem)}`;
  }
  return `${formatPercent(value)}${sem === null ? '' : ` ± ${(100 * sem).toFixed(2)} %`}`;
}

function warningsOf({ number, metrics, guardrails, unmet, withinNoise }: HeldOutTrial): readonly string[] {
  const guardrailLines = guardrails
    .filter(({ guardrail }) => unmet.includes(guardrail))
    .map((report) => {
      const what = report.slack < 0 ? 'violates' : 'no longer surely meets';
      return `Warning: on the hold-out trial ${number} ${what} ${report.guardrail} (${formatSlack(report)}).`;
    });
  const gainLines = withinNoise.map((metric) => {
    const { holdout } = metrics[metric]!;
    const gains = holdout.direction === 'maximize' ? holdout.change! > 0 : holdout.change! < 0;
    const what = gains
      ? `the gain of trial ${number} in ${metric} is within noise`
      : `trial ${number} gains nothing in ${metric}`;
    return `Warning: on the hold-out ${what}, ${formatChange(holdout)}.`;
  });
  return [...guardrailLines, ...gainLines];
}

/** Where a trial ranks better over the whole log and worse within requests, or the other way round. */
export function formatDisagreements(
  { definition, disagreements }: SweepResult,
  width: number,
): readonly string[] {
  const several = definition.objectives !== undefined;
  const lines = disagreements.map((each) => wrapWords(disagreement(each, several), width).join('\n'));
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** The trial is told where there may be others. */
function disagreement({ trial, pooled, within }: RankingDisagreement, several: boolean): string {
  const told = [pooled, within].map(({ metric, change, changeSem }) => {
    const way = change > 0 ? 'rises' : 'falls';
    return `${metric} ${way} by ${formatError(Math.abs(change))} ± ${formatError(changeSem)}`;
  });
  return (
    `Warning: ${several ? `at trial ${trial} ` : ''}${told.join(', but ')}. The first compares items of all requests, the second those that a user chooses among: ` +
    'steer by the one that you mean.'
  );
}
