import { logConstrainedExpectedImprovement } from '../../acquisition/constrained-expected-improvement.ts';
import type { FirstFeasible } from '../../acquisition/feasible-improvement.ts';
import type { Guardrail } from '../../acquisition/feasibility.ts';
import type { Criterion } from '../../acquisition/optimize.ts';
import type { GaussianProcess } from '../../gp/gaussian-process.ts';
import { combinedMean, combinedVariance, type LinearCombination } from '../../gp/linear-combination.ts';
import { predictionGradient, predictMany, predictWithGradient } from '../../gp/posterior.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import { combinationOf, type MetricModels } from './metric-models.ts';
import { firstObjective, objectiveSign } from './metric-roles.ts';
import type { Search } from './search.ts';

/**
 * Log constrained expected improvement in closed form, for metrics without noise; while no trial is feasible, the log
 * probability of feasibility plus the log worth of the first that is.
 *
 * `models` believe the running trials; `incumbent` is the best feasible objective as "maximise".
 */
export function analyticSearch(
  definition: StudyDefinition,
  models: MetricModels,
  bounds: readonly GuardrailBound[],
  incumbent: number | FirstFeasible,
): Search {
  const outcomes: readonly Outcome[] = [
    {
      combination: combinationOf(definition, models, firstObjective(definition).metric),
      sign: objectiveSign(definition),
    },
    ...bounds.map(({ metric }): Outcome => ({
      combination: combinationOf(definition, models, metric),
      sign: 1,
    })),
  ];
  const parts = [...models.values()];
  const guardrails = bounds.map(({ bound, relation }): Guardrail => ({ bound, relation }));
  const search = {
    criterion: analyticCriterion(parts, outcomes, guardrails, incumbent),
    screen: analyticScreen(parts, outcomes, guardrails, incumbent),
  };
  if (typeof incumbent !== 'number') {
    return {
      ...search,
      generator: 'log_feasibility_weighted_improvement',
      seeksFeasible: true,
      remark: 'no trial is feasible yet: the chance to be the first, times the gain over the mean objective',
    };
  }
  return {
    ...search,
    seeksFeasible: false,
    generator: bounds.length === 0 ? 'log_expected_improvement' : 'log_constrained_expected_improvement',
  };
}

/**
 * The objective, then each guardrail's metric: `sign` times what it combines of the processes. Outcomes that share a process
 * are taken as independent, as an objective and a guardrail of one metric are.
 */
interface Outcome {
  readonly combination: LinearCombination;
  readonly sign: 1 | -1;
}

/** The acquisition function over the unit cube, its gradient chained through the processes; no allocation per call. */
function analyticCriterion(
  parts: readonly GaussianProcess[],
  outcomes: readonly Outcome[],
  guardrails: readonly Guardrail[],
  incumbent: number | FirstFeasible,
): Criterion {
  const predictions = parts.map((part) => predictionGradient(part));
  const partMeans = new Float64Array(parts.length);
  const partVariances = new Float64Array(parts.length);
  const means = new Float64Array(outcomes.length);
  const variances = new Float64Array(outcomes.length);
  const meanSlopes = new Float64Array(outcomes.length);
  const varianceSlopes = new Float64Array(outcomes.length);
  return (x, gradient) => {
    for (const [p, part] of parts.entries()) {
      const prediction = predictions[p]!;
      predictWithGradient(part, x, prediction);
      partMeans[p] = prediction.mean;
      partVariances[p] = prediction.variance;
    }
    for (const [k, { combination, sign }] of outcomes.entries()) {
      means[k] = sign * combinedMean(combination, partMeans);
      variances[k] = combinedVariance(combination, partVariances);
    }
    const value = logConstrainedExpectedImprovement(
      incumbent,
      guardrails,
      means,
      variances,
      meanSlopes,
      varianceSlopes,
    );
    gradient.fill(0);
    for (const [k, { combination, sign }] of outcomes.entries()) {
      for (const { part, coefficient } of combination.terms) {
        const { meanGradient, varianceGradient } = predictions[part]!;
        const meanSlope = sign * coefficient * meanSlopes[k]!;
        const varianceSlope = coefficient * coefficient * varianceSlopes[k]!;
        for (let j = 0; j < gradient.length; j++) {
          gradient[j]! += meanSlope * meanGradient[j]! + varianceSlope * varianceGradient[j]!;
        }
      }
    }
    return value;
  };
}

/** The same at many points, m×d, without gradients. */
function analyticScreen(
  parts: readonly GaussianProcess[],
  outcomes: readonly Outcome[],
  guardrails: readonly Guardrail[],
  incumbent: number | FirstFeasible,
): (X: Float64Array) => Float64Array {
  const partMeans = new Float64Array(parts.length);
  const partVariances = new Float64Array(parts.length);
  const means = new Float64Array(outcomes.length);
  const variances = new Float64Array(outcomes.length);
  const unused = new Float64Array(outcomes.length);
  return (X) => {
    const predicted = parts.map((part) => predictMany(part, X));
    return predicted[0]!.mean.map((_, i) => {
      for (const [p, { mean, variance }] of predicted.entries()) {
        partMeans[p] = mean[i]!;
        partVariances[p] = variance[i]!;
      }
      for (const [k, { combination, sign }] of outcomes.entries()) {
        means[k] = sign * combinedMean(combination, partMeans);
        variances[k] = combinedVariance(combination, partVariances);
      }
      return logConstrainedExpectedImprovement(incumbent, guardrails, means, variances, unused, unused);
    });
  };
}
