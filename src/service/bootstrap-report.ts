import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import {
  type BootstrapSummary,
  bootstrapSummary,
  differences,
  replicateCovariance,
} from '../evaluator/bootstrap-summary.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { baselineTrial } from './baseline-trial.ts';
import type { ComputePool } from './compute-pool.ts';
import { measuredMetrics, orderingOf } from './log-evaluator.ts';

/** Of the intervals. */
const LEVEL = 0.95;

export interface BootstrappedMetric {
  readonly value: BootstrapSummary;
  /** Of value − baseline, paired; null where the log did not measure the baseline. */
  readonly change: BootstrapSummary | null;
  /** With every metric of the trial. */
  readonly covariance: Readonly<Record<string, number>>;
}

/** What the Poisson bootstrap says of one trial. */
export interface BootstrapReport {
  readonly trial: number;
  readonly replicates: number;
  readonly level: number;
  readonly metrics: Readonly<Record<string, BootstrappedMetric>>;
}

/**
 * Resamples a trial and the baseline, with the same units in both, as often as asked for; drawn by the study's seed.
 *
 * Throws `log_invalid` for a metric that hardly any replicate defines. A byte for each unit and replicate, and the time of some tens of evaluations: for what a sweep ends with.
 */
export async function bootstrapReport(
  definition: StudyDefinition,
  log: EngagementLog,
  pool: ComputePool,
  trial: Pick<Trial, 'number' | 'weights'>,
  replicates: number,
): Promise<BootstrapReport> {
  const baseline = baselineTrial(definition);
  const compared = baseline?.state === 'running' ? [trial.weights, baseline.weights] : [trial.weights];
  const [found, reference] = await pool.run('bootstrap', {
    orderings: compared.map((weights) => orderingOf(log, weights)),
    measured: measuredMetrics(definition, log),
    replicates,
    seed: definition.seed,
  });
  for (const [name, values] of [...Object.entries(found!), ...Object.entries(reference ?? {})]) {
    checkDefined(name, values);
  }
  const metrics = Object.entries(found!).map(([name, values]) => [
    name,
    {
      value: bootstrapSummary(values, LEVEL),
      change: reference === undefined ? null : bootstrapSummary(differences(values, reference[name]!), LEVEL),
      covariance: Object.fromEntries(
        Object.entries(found!).map(([other, others]) => [other, replicateCovariance(values, others)]),
      ),
    },
  ]);
  return { trial: trial.number, replicates, level: LEVEL, metrics: Object.fromEntries(metrics) };
}

/** More than half of the replicates and one, so that any two metrics have two in common. */
function checkDefined(metric: string, values: Float64Array): void {
  const defined = values.filter((value) => !Number.isNaN(value)).length;
  if (defined > values.length / 2 + 1) return;
  throw new DomainError(
    'log_invalid',
    `metric ${metric} is undefined in ${values.length - defined} of ${values.length} replicates of the bootstrap: ` +
      'expected more positives, or no --bootstrap',
  );
}
