import { observationOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observations, Trial, Weights } from '../domain/trial.ts';
import type { FittedMetrics } from '../optimizer/metric-models.ts';
import { firstObjective } from '../optimizer/metric-roles.ts';
import { bestRounded, type RoundingPrice, roundingPrice } from '../optimizer/rounded-weights.ts';
import type { TrialReport } from '../optimizer/trial-report.ts';
import type { ComputePool } from './compute-pool.ts';
import type { Evaluate } from './log-evaluator.ts';
import { packTrials } from './packed-trials.ts';

export interface ExplainedRounding extends RoundingPrice {
  readonly step: number;
  readonly weights: Weights;
  readonly feasible: boolean;
  /** The objective, as evaluated. */
  readonly objective: number;
  /** Paired standard error of the loss on the log; null where the objective has none. */
  readonly lossSem: number | null;
  /** Multiples of the step that the models were asked about, and those that were evaluated. */
  readonly neighbours: number;
  readonly evaluated: number;
}

/**
 * The best trial's weights rounded to multiples of the study's step: candidates by the models, chosen by evaluation. `evaluate`
 * is paired with the baseline, as trials are; `againstWinner` measures the objective, paired with the winner.
 */
export async function rounding(
  pool: ComputePool,
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics | undefined,
  winner: TrialReport,
  evaluate: Evaluate,
  againstWinner: Evaluate,
): Promise<ExplainedRounding> {
  const step = definition.step!;
  const task = { definition, trials: packTrials(trials), fitted, winner: winner.weights, step };
  const { candidates, neighbours } = await pool.run('round', task);
  const evaluated = await Promise.all(
    candidates.map(async (weights) => ({ weights, observations: await evaluate(weights) })),
  );
  const { index, feasible } = bestRounded(definition, trials, evaluated);
  const { weights, observations } = evaluated[index]!;
  const winnerObservations: Observations = trials.find(
    ({ number }) => number === winner.number,
  )!.observations;
  const { metric: objective } = firstObjective(definition);
  return {
    step,
    weights,
    feasible,
    objective: observationOf(definition, observations, objective)!.mean,
    lossSem: (await againstWinner(weights))[objective]!.changeSem ?? null,
    neighbours,
    evaluated: evaluated.length,
    ...roundingPrice(definition, trials, winnerObservations, observations),
  };
}
