import { logConstrainedExpectedImprovement } from '../../acquisition/constrained-expected-improvement.ts';
import type { FirstFeasible } from '../../acquisition/feasible-improvement.ts';
import type { Guardrail } from '../../acquisition/feasibility.ts';
import type { Criterion } from '../../acquisition/optimize.ts';
import type { GaussianProcess } from '../../gp/gaussian-process.ts';
import { predictionGradient, predictMany, predictWithGradient } from '../../gp/posterior.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import type { MetricModels } from './metric-models.ts';
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
    { model: models.get(firstObjective(definition).metric)!, sign: objectiveSign(definition) },
    ...bounds.map(({ metric }): Outcome => ({ model: models.get(metric)!, sign: 1 })),
  ];
  const guardrails = bounds.map(({ bound, relation }): Guardrail => ({ bound, relation }));
  const search = {
    criterion: analyticCriterion(outcomes, guardrails, incumbent),
    screen: analyticScreen(outcomes, guardrails, incumbent),
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

/** The objective, then each guardrail's metric: `sign` times the process. */
interface Outcome {
  readonly model: GaussianProcess;
  readonly sign: 1 | -1;
}

/** The acquisition function over the unit cube, its gradient chained through the models; no allocation per call. */
function analyticCriterion(
  outcomes: readonly Outcome[],
  guardrails: readonly Guardrail[],
  incumbent: number | FirstFeasible,
): Criterion {
  const models = [...new Set(outcomes.map(({ model }) => model))];
  const predictions = models.map((model) => predictionGradient(model));
  const of = outcomes.map(({ model }) => predictions[models.indexOf(model)]!);
  const means = new Float64Array(outcomes.length);
  const variances = new Float64Array(outcomes.length);
  const meanSlopes = new Float64Array(outcomes.length);
  const varianceSlopes = new Float64Array(outcomes.length);
  return (x, gradient) => {
    models.forEach((model, m) => predictWithGradient(model, x, predictions[m]!));
    for (const [k, { sign }] of outcomes.entries()) {
      means[k] = sign * of[k]!.mean;
      variances[k] = of[k]!.variance;
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
    for (const [k, { sign }] of outcomes.entries()) {
      const { meanGradient, varianceGradient } = of[k]!;
      const meanSlope = sign * meanSlopes[k]!;
      for (let j = 0; j < gradient.length; j++) {
        gradient[j]! += meanSlope * meanGradient[j]! + varianceSlopes[k]! * varianceGradient[j]!;
      }
    }
    return value;
  };
}

/** The same at many points, m×d, without gradients. */
function analyticScreen(
  outcomes: readonly Outcome[],
  guardrails: readonly Guardrail[],
  incumbent: number | FirstFeasible,
): (X: Float64Array) => Float64Array {
  const models = [...new Set(outcomes.map(({ model }) => model))];
  const means = new Float64Array(outcomes.length);
  const variances = new Float64Array(outcomes.length);
  const unused = new Float64Array(outcomes.length);
  return (X) => {
    const predicted = models.map((model) => predictMany(model, X));
    const of = outcomes.map(({ model }) => predicted[models.indexOf(model)]!);
    return of[0]!.mean.map((_, i) => {
      for (const [k, { sign }] of outcomes.entries()) {
        means[k] = sign * of[k]!.mean[i]!;
        variances[k] = of[k]!.variance[i]!;
      }
      return logConstrainedExpectedImprovement(incumbent, guardrails, means, variances, unused, unused);
    });
  };
}
