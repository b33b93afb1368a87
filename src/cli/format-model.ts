import type { MetricModelReport, ModelReport } from '../service/model-of-study.ts';
import { formatNumber } from './format-number.ts';
import { type Column, textTable } from './text-table.ts';

/** The models of a study for a person: how well each foretells what was observed, its noise, its lengthscales; tables at most `width` wide. */
export function formatModel(
  { study, observations, waitingFor, metrics }: ModelReport,
  width = Infinity,
): string {
  if (waitingFor !== null) return `${study}: no model yet, ${waitingFor}`;
  return [
    `${study}: models of ${observations} observations, each foretold from all others`,
    fitTable(metrics, width),
    lengthscaleTable(metrics, width),
    remarks(metrics).join('\n'),
  ].join('\n\n');
}

type Metrics = ModelReport['metrics'];

const RIGHT = (title: string): Column => ({ title, align: 'right' });

function fitTable(metrics: Metrics, width: number): string {
  const [first] = Object.values(metrics);
  const levels = first!.leaveOneOut.coverage.map(({ level }) => `in ${Math.round(100 * level)} %`);
  return textTable(
    [
      { title: 'metric', align: 'left' },
      ...['R²', 'rank corr.', ...levels, 'log density', 'noise'].map(RIGHT),
    ],
    Object.entries(metrics).map(([metric, report]) => [
      metric,
      hundredths(report.leaveOneOut.rSquared),
      hundredths(report.leaveOneOut.rankCorrelation),
      ...report.leaveOneOut.coverage.map(({ inside }) => `${inside}/${report.observations}`),
      hundredths(report.leaveOneOut.standardizedLogDensity),
      noiseText(report),
    ]),
    width,
  );
}

function lengthscaleTable(metrics: Metrics, width: number): string {
  const weights = Object.keys(Object.values(metrics)[0]!.lengthscales);
  return textTable(
    [{ title: 'lengthscale', align: 'left' }, ...weights.map(RIGHT)],
    Object.entries(metrics).map(([metric, { lengthscales }]) => [
      metric,
      ...weights.map((weight) => threeDigits(lengthscales[weight]!.lengthscale)),
    ]),
    width,
  );
}

function remarks(metrics: Metrics): readonly string[] {
  const reports = Object.entries(metrics);
  const { kernel, fittedOn, observations } = reports[0]![1];
  const outliers = reports
    .filter(([, { winsorized }]) => winsorized > 0)
    .map(([metric, { winsorized }]) => `${winsorized} of ${metric}`);
  return [
    `Kernel ${kernel}, hyperparameters fitted on ${fittedOn} observations. R² is 1 at best, 0 for guessing the mean; the log`,
    'density is -1.42 for guessing mean and spread. "in 90 %" counts the observations inside their central 90 % interval.',
    'Lengthscales are in units of the weights: the shorter, the faster the metric changes with the weight.',
    ...(fittedOn < observations ? [`All ${observations} observations are foretold.`] : []),
    ...(outliers.length > 0 ? [`Outliers, winsorised here as in the models: ${outliers.join(', ')}.`] : []),
  ];
}

function noiseText({ noise: { kind, medianSem, inferredStddev } }: MetricModelReport): string {
  if (kind === 'none') return 'none';
  const parts = [
    ...(medianSem === null ? [] : [`${formatNumber(medianSem)} given`]),
    ...(inferredStddev === null ? [] : [`${formatNumber(inferredStddev)} inferred`]),
  ];
  return parts.join(', ');
}

function hundredths(value: number | null): string {
  return value === null ? '-' : value.toFixed(2);
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
