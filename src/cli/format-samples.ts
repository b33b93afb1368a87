import { parseLogMetric } from '../domain/metric.ts';
import type { SweepResult } from '../service/sweep.ts';
import type { SampleReport } from '../service/sweep-report.ts';
import { formatError, formatShortly } from './format-errors.ts';
import { formatPercent } from './format-number.ts';
import { textTable, wrapWords } from './text-table.ts';

/** A mean weight is called off where it is so many standard errors from 1. */
const STANDARD_ERRORS = 3;

const LEGEND =
  'Effective sample size: (Σw)²/Σw² over the rows that a ranking leaves where the log showed them; of snips that of the place with ' +
  'the smallest. The mean weight is 1, within its error, where propensities are right and production could have shown what the ' +
  'ranking shows, and less where weights are clipped.';

type Reports = SampleReport['trials'][number]['metrics'];
type Report = Reports[string];

/** What counterfactual metrics of the baseline and the result are estimated from; nothing where there are none. */
export function formatSamples(result: SweepResult, width: number): readonly string[] {
  const { samples } = result;
  if (samples === undefined) return [];
  const rankings: readonly (readonly [string, Reports])[] = [
    ...(samples.baseline === null ? [] : [['baseline', samples.baseline] as const]),
    ...samples.trials.map(({ number, metrics }) => [`trial ${number}`, metrics] as const),
  ];
  if (rankings.length === 0) return [];
  const rows = rankings.flatMap(([ranking, reports]) =>
    Object.entries(reports).map(([metric, report]) => ({ ranking, metric, report })),
  );
  const table = textTable(
    [
      { title: 'estimated', align: 'left' },
      { title: 'of', align: 'left' },
      { title: 'effective sample', align: 'right' },
      { title: 'largest weight', align: 'right' },
      { title: 'mean weight', align: 'right' },
    ],
    rows.map(({ ranking, metric, report }) => [
      metric,
      ranking,
      formatShortly(report.effectiveSampleSize),
      formatShortly(report.largestWeight),
      meanWeight(report),
    ]),
    width,
  );
  const warnings = rows.flatMap(({ ranking, metric, report }) => warningsOf(result, ranking, metric, report));
  return [table, ...[LEGEND, ...warnings].map((line) => wrapWords(line, width).join('\n'))];
}

function meanWeight({ meanWeight: mean, meanWeightSem: sem }: Report): string {
  return mean === null || sem === null ? '-' : `${formatShortly(mean)} ± ${formatError(sem)}`;
}

function warningsOf(
  { definition }: SweepResult,
  ranking: string,
  name: string,
  report: Report,
): readonly string[] {
  const metric = parseLogMetric(name, Object.keys(definition.heads ?? {}));
  if (typeof metric === 'string') throw new RangeError(metric);
  const lines: string[] = [];
  const { effectiveSampleSize, clippedShare, meanWeight: mean, meanWeightSem: sem } = report;
  if (effectiveSampleSize < metric.options.ess) {
    const size = formatShortly(effectiveSampleSize);
    lines.push(
      `Warning: ${name} of ${ranking} has an effective sample size of ${size}, under ${metric.options.ess}: too few to go by.`,
    );
  }
  if (clippedShare > 0) {
    const share = formatPercent(clippedShare).slice(1);
    lines.push(`Of the rows that ${name} of ${ranking} is estimated from, ${share} have a clipped weight.`);
  } else if (mean !== null && sem !== null && Math.abs(mean - 1) > STANDARD_ERRORS * sem) {
    const why =
      mean < 1
        ? 'production never shows some of what the ranking shows, or propensities are too large'
        : 'propensities are too small';
    lines.push(
      `Warning: the mean weight of ${name} of ${ranking} is ${meanWeight(report)} instead of 1: ${why}, so the estimate is biased.`,
    );
  }
  return lines;
}
