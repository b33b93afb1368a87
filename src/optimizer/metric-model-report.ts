import { z } from 'zod';
import { leaveOneOut } from '../../gp/cross-validation.ts';
import { diagnose, inputImportances } from '../../gp/diagnostics.ts';
import { MOST_FITTED } from '../../gp/fit.ts';
import { condition, type GaussianProcess } from '../../gp/gaussian-process.ts';
import type { KernelName } from '../../gp/kernel.ts';
import { isConstant } from '../../gp/standardize.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { encodeStudy, type StudyEncoding } from './encode.ts';
import { fitMetric } from './fit-metric.ts';
import { metricScale } from './metric-scale.ts';
import { noiseReport, noiseReportSchema } from './noise-report.ts';
import { trainingData, trialsWithMetric } from './training-data.ts';

const lengthscaleReportSchema = z.strictObject({
  lengthscale: z
    .number()
    .describe(
      'In the weight’s units: over such a distance, all else equal, the metric’s values lose much of their correlation.',
    ),
  inUnitCube: z.number(),
  importance: z
    .number()
    .describe(
      '(1/ℓ_k)/Σ_j (1/ℓ_j), ℓ in the unit cube: the weight’s share of how fast the metric can change.',
    ),
});

/**
 * How well the model foretells each observation from all others, hyperparameters fixed.
 *
 * Of the outputs as they are modelled: outliers winsorised, and with the noise of each observation in its interval.
 */
const leaveOneOutReportSchema = z.strictObject({
  rSquared: z.number().nullable().describe('1 − Σ(y − ŷ)²/Σ(y − ȳ)²; null where the metric is constant.'),
  rankCorrelation: z
    .number()
    .nullable()
    .describe('Spearman’s, of outputs and predictions; null where either is constant.'),
  coverage: z
    .array(z.strictObject({ level: z.number(), inside: z.int().min(0), share: z.number() }))
    .readonly()
    .describe('How many outputs lie inside their central interval of each nominal level.'),
  standardizedLogDensity: z
    .number()
    .describe(
      'Mean log predictive density of outputs of mean 0 and variance 1: −1.42 for one who guesses just that.',
    ),
});

const KERNELS = ['matern52', 'rbf'] as const satisfies readonly KernelName[];

/** The Gaussian process of one metric as the next suggestion would use it. */
export const metricModelReportSchema = z
  .strictObject({
    kernel: z.enum(KERNELS),
    observations: z.int().min(1),
    fittedOn: z.int().min(1).describe('On how many of them the hyperparameters were fitted.'),
    winsorized: z.int().min(0).describe('How many of them were outliers, taken to the edge of the others.'),
    lengthscales: z
      .record(z.string(), lengthscaleReportSchema)
      .describe('By weight, without those that are fixed.'),
    noise: noiseReportSchema,
    leaveOneOut: leaveOneOutReportSchema.describe(
      'How well the model foretells each observation from all others, hyperparameters fixed.',
    ),
  })
  .meta({ id: 'MetricModelReport' });

export type LengthscaleReport = Readonly<z.output<typeof lengthscaleReportSchema>>;
export type LeaveOneOutReport = Readonly<z.output<typeof leaveOneOutReportSchema>>;
export type MetricModelReport = Readonly<z.output<typeof metricModelReportSchema>>;

/** Fits the metric's process to the observed trials, at least one, and holds it against them. O(n³). */
export function metricModelReport(
  definition: StudyDefinition,
  trials: readonly Trial[],
  metric: string,
): MetricModelReport {
  const encoding = encodeStudy(definition);
  const scale = metricScale(definition, trials, metric);
  const data = trainingData(definition, encoding, trials, metric, scale);
  const process = condition(data, fitMetric(definition, trials, metric));
  const observations = trialsWithMetric(trials, metric).map((trial) => trial.observations[metric]!);
  return {
    kernel: process.hyperparameters.kernel,
    observations: process.size,
    fittedOn: Math.min(process.size, MOST_FITTED),
    winsorized: observations.filter(({ mean }) => scale.forward(mean) !== mean).length,
    lengthscales: lengthscaleReports(encoding, process),
    noise: noiseReport(definition, metric, observations, process),
    leaveOneOut: leaveOneOutReport(process, isConstant(data.y)),
  };
}

function lengthscaleReports(
  { names, inputs }: StudyEncoding,
  { hyperparameters: { lengthscales } }: GaussianProcess,
): Readonly<Record<string, LengthscaleReport>> {
  const importances = inputImportances(lengthscales);
  return Object.fromEntries(
    lengthscales.map((inUnitCube, j) => [
      names[inputs.indices[j]!]!,
      { lengthscale: inUnitCube * inputs.range[j]!, inUnitCube, importance: importances[j]! },
    ]),
  );
}

/** On the standardised scale: squares of the metric's own units may overflow. */
function leaveOneOutReport(process: GaussianProcess, constant: boolean): LeaveOneOutReport {
  const standardised = { ...process, standardization: { mean: 0, stddev: 1 } };
  const found = diagnose(process.outputs, leaveOneOut(standardised));
  return {
    rSquared: constant ? null : (found.rSquared ?? null),
    rankCorrelation: constant ? null : (found.rankCorrelation ?? null),
    coverage: found.coverage,
    standardizedLogDensity: found.meanLogPredictiveDensity,
  };
}
