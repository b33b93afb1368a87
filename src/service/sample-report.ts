import { estimatorOf } from '../domain/counterfactual-metric.ts';
import { DomainError } from '../domain/errors.ts';
import type { LogMetric } from '../domain/metric.ts';
import { sampleSizeOf } from '../domain/sample-guardrails.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import type { MatchReport } from '../evaluator/counterfactual/match-report.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import type { StudyReport } from '../optimizer/study-report.ts';
import { baselineTrial } from './baseline-trial.ts';
import type { ComputePool } from './compute-pool.ts';
import { evaluatedMetrics } from './evaluated-metrics.ts';
import { orderingOf } from './log-evaluator.ts';
import { resultTrials } from './result-trials.ts';

/** What the counterfactual metrics of a sweep are estimated from, by name. */
export interface SampleReport {
  /** Null where the log did not measure the baseline. */
  readonly baseline: Readonly<Record<string, MatchReport>> | null;
  /** The best trial, or those of the Pareto set, without the baseline. */
  readonly trials: readonly {
    readonly number: number;
    readonly metrics: Readonly<Record<string, MatchReport>>;
  }[];
}

/** The counterfactual estimates that a study measures. */
export function counterfactualMetrics(definition: StudyDefinition, log: EngagementLog): readonly LogMetric[] {
  return evaluatedMetrics(definition, log).filter((metric) => sampleSizeOf(metric) !== undefined);
}

/** Throws `log_invalid` where too small a sample tells of the baseline, where that is measured on the log. */
export async function checkBaselineSample(
  definition: StudyDefinition,
  log: EngagementLog,
  pool: ComputePool,
): Promise<void> {
  const metrics = counterfactualMetrics(definition, log);
  const baseline = await baselineSample(definition, log, pool, metrics);
  for (const metric of metrics) {
    const report = baseline?.[metric.name];
    if (report === undefined || report.effectiveSampleSize >= metric.options.ess) continue;
    throw new DomainError('log_invalid', smallSample(metric, report));
  }
}

function smallSample(
  { name, kind, options: { ess } }: LogMetric,
  { effectiveSampleSize, largestWeight }: MatchReport,
): string {
  const of = estimatorOf(kind) === 'snips' ? ' at one of its places' : '';
  return (
    `metric ${name} has an effective sample size of ${digits(effectiveSampleSize)}${of} at the baseline, ` +
    `its largest weight ${digits(largestWeight)}: expected at least ${ess}, from a longer log or a smaller cut-off, or a smaller ess=`
  );
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** What the baseline and the result of a sweep are estimated from; undefined where no metric is counterfactual. */
export async function sampleReport(
  definition: StudyDefinition,
  log: EngagementLog,
  pool: ComputePool,
  trials: readonly Trial[],
  report: StudyReport,
): Promise<SampleReport | undefined> {
  const metrics = counterfactualMetrics(definition, log);
  if (metrics.length === 0) return undefined;
  const numbers = new Set(resultTrials(report).map(({ number }) => number));
  const chosen = trials.filter(({ number }) => numbers.has(number));
  return {
    baseline: (await baselineSample(definition, log, pool, metrics)) ?? null,
    trials: await Promise.all(
      chosen.map(async ({ number, weights }) => ({
        number,
        metrics: await pool.run('matches', { ordering: orderingOf(log, weights), metrics }),
      })),
    ),
  };
}

async function baselineSample(
  definition: StudyDefinition,
  log: EngagementLog,
  pool: ComputePool,
  metrics: readonly LogMetric[],
): Promise<Readonly<Record<string, MatchReport>> | undefined> {
  const baseline = baselineTrial(definition);
  if (baseline?.state !== 'running' || metrics.length === 0) return undefined;
  return pool.run('matches', { ordering: orderingOf(log, baseline.weights), metrics });
}
