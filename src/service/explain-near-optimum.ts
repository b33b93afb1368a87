import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { type SteeredStudy, withMargins } from '../optimizer/guardrail-margin.ts';
import type { FittedMetrics } from '../optimizer/metric-models.ts';
import { firstObjective } from '../optimizer/metric-roles.ts';
import type { Allowance, NearOptimalWeights } from '../optimizer/near-optimal-weights.ts';
import { PAIRED_VARIANCE, withPairedVariances } from '../optimizer/paired-variance.ts';
import { observedTrials } from '../optimizer/training-data.ts';
import type { TrialReport } from '../optimizer/trial-report.ts';
import type { ComputePool } from './compute-pool.ts';
import type { Evaluate } from './log-evaluator.ts';
import { fitMetrics } from './fit-metrics.ts';
import { packTrials } from './packed-trials.ts';
import { NOISE_ERRORS } from './noise-errors.ts';

/** How much of the objective near-optimal weights may lose: an amount, or a share of the winner's value. */
export type Tolerance = { readonly amount: number } | { readonly share: number };

/** Paired standard errors of the objective's difference between the winner and each other trial, on the log. */
export interface NoiseOfObjective {
  /** A difference of fewer of them is noise. */
  readonly errors: number;
  readonly trials: number;
  readonly lowest: number;
  readonly median: number;
  readonly highest: number;
}

export interface ExplainedNearOptimum extends NearOptimalWeights {
  /** In the objective's units; null where it is noise, which differs from weights to weights. */
  readonly tolerance: number | null;
  readonly toleranceFrom: 'given' | 'noise' | 'default';
  /** Null where that is not what may be lost. */
  readonly noise: NoiseOfObjective | null;
}

/** Of the winner's value, where the objective has no standard error. */
const DEFAULT_SHARE = 0.005;

/**
 * The range of each weight over those that lose no more of the objective than `within`, or than noise where that is left out:
 * 1.645 paired standard errors of the difference to the winner. Those are evaluated on the log for each trial, and modelled
 * between them. Guardrails keep the margins of the study. `fitted` has what steers the study under those; `againstWinner`
 * measures the objective, paired with the winner.
 */
export async function nearOptimum(
  pool: ComputePool,
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
  winner: TrialReport,
  againstWinner: Evaluate,
  within: Tolerance | undefined,
): Promise<ExplainedNearOptimum> {
  const steered = withMargins(definition, trials);
  const find = (study: SteeredStudy, models: FittedMetrics, allowance: Allowance) =>
    pool.run('nearOptimal', {
      definition: study.definition,
      trials: packTrials(study.trials),
      fitted: models,
      winner: winner.weights,
      allowance,
    });
  const variances =
    within === undefined ? await pairedVariances(definition, trials, againstWinner) : undefined;
  if (variances !== undefined) {
    const study = withPairedVariances(steered, variances);
    const models = await fitMetrics(pool, study.definition, study.trials, [PAIRED_VARIANCE]);
    const found = await find(study, { ...fitted, ...models }, { errors: NOISE_ERRORS });
    return { tolerance: null, toleranceFrom: 'noise', noise: noiseOf(variances, winner.number), ...found };
  }
  const { value } = winner.metrics[firstObjective(definition).metric]!;
  const given = within ?? { share: DEFAULT_SHARE };
  const tolerance = 'amount' in given ? given.amount : given.share * Math.abs(value);
  const found = await find(steered, fitted, { loss: tolerance });
  return { tolerance, toleranceFrom: within === undefined ? 'default' : 'given', noise: null, ...found };
}

/** By trial, of the objective's difference to the winner; undefined where it has no standard error, and without another trial. */
async function pairedVariances(
  definition: StudyDefinition,
  trials: readonly Trial[],
  againstWinner: Evaluate,
): Promise<ReadonlyMap<number, number> | undefined> {
  const { metric } = firstObjective(definition);
  const found = await Promise.all(
    observedTrials(trials).map(async ({ number, weights }) => {
      const { changeSem } = (await againstWinner(weights))[metric]!;
      return [number, changeSem] as const;
    }),
  );
  const variances = new Map<number, number>();
  for (const [number, error] of found) if (error !== undefined) variances.set(number, error ** 2);
  return variances.size === found.length && found.length > 1 ? variances : undefined;
}

function noiseOf(variances: ReadonlyMap<number, number>, winner: number): NoiseOfObjective {
  const others = [...variances].filter(([number]) => number !== winner);
  const errors = others.map(([, variance]) => Math.sqrt(variance)).toSorted((a, b) => a - b);
  const middle = (errors.length - 1) / 2;
  return {
    errors: NOISE_ERRORS,
    trials: errors.length,
    lowest: errors[0]!,
    median: (errors[Math.floor(middle)]! + errors[Math.ceil(middle)]!) / 2,
    highest: errors.at(-1)!,
  };
}
