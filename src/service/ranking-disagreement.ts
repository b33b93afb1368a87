import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observation, type Observations, type Trial } from '../domain/trial.ts';
import { comparableHeads } from '../evaluator/comparable-heads.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { comparedMetrics, POOLED, WITHIN_REQUESTS } from './compared-metrics.ts';
import type { ComputePool } from './compute-pool.ts';
import { logEvaluator, measuredBaseline } from './log-evaluator.ts';
import { NOISE_ERRORS } from './noise-errors.ts';

export interface MetricChange {
  readonly metric: string;
  readonly change: number;
  readonly changeSem: number;
}

/** A head whose ranking over the whole log and within requests changed in opposite ways, both beyond noise. */
export interface RankingDisagreement {
  readonly trial: number;
  readonly head: string;
  readonly pooled: MetricChange;
  readonly within: MetricChange;
}

/**
 * Where the change to the baseline of each trial of pooled average precision and that of grouped AUC or NDCG@10 contradict each other,
 * each of more than 1.645 paired standard errors. None where the baseline was not measured on the log, and of the baseline itself.
 *
 * A pooled metric also rewards weights that move whole requests up, those in which engagement is likely, which no user sees.
 */
export async function rankingDisagreements(
  definition: StudyDefinition,
  log: EngagementLog,
  pool: ComputePool,
  trials: readonly Pick<Trial, 'number' | 'weights'>[],
): Promise<readonly RankingDisagreement[]> {
  const { baseline } = definition;
  const compared = trials.filter(({ number }) => number !== BASELINE_TRIAL);
  if (baseline === undefined || 'metrics' in baseline || compared.length === 0) return [];
  const heads = comparableHeads(log);
  if (heads.length === 0) return [];
  const metrics = comparedMetrics(heads);
  const evaluate = await logEvaluator(definition, log, pool, { metrics, combinations: [] });
  const reference = (await measuredBaseline(definition, evaluate))!.observations;
  const found = await Promise.all(
    compared.map(async ({ number, weights }) => ({ trial: number, observations: await evaluate(weights) })),
  );
  return found.flatMap(({ trial, observations }) => disagreementsOf(trial, observations, reference, heads));
}

function disagreementsOf(
  trial: number,
  found: Observations,
  reference: Observations,
  heads: readonly string[],
): readonly RankingDisagreement[] {
  const changeOf = (metric: string): MetricChange => ({
    metric,
    change: found[metric]!.mean - reference[metric]!.mean,
    changeSem: (found[metric] as Required<Observation>).changeSem,
  });
  return heads.flatMap((head) => {
    const pooled = changeOf(`${head}.${POOLED}`);
    const against = WITHIN_REQUESTS.map((kind) => changeOf(`${head}.${kind}`)).find(
      (within) =>
        isBeyondNoise(pooled) &&
        isBeyondNoise(within) &&
        Math.sign(pooled.change) !== Math.sign(within.change),
    );
    return against === undefined ? [] : [{ trial, head, pooled, within: against }];
  });
}

function isBeyondNoise({ change, changeSem }: MetricChange): boolean {
  return Math.abs(change) > NOISE_ERRORS * changeSem;
}
