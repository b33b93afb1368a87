import { logConstrainedExpectedImprovement } from '../../acquisition/constrained-expected-improvement.ts';
import type { Guardrail } from '../../acquisition/feasibility.ts';
import type { Criterion } from '../../acquisition/optimize.ts';
import { appendObservation, type GaussianProcess } from '../../gp/gaussian-process.ts';
import { predict, predictionGradient, predictWithGradient } from '../../gp/posterior.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import type { MetricModels } from './metric-models.ts';
import { firstObjective, objectiveSign } from './metric-roles.ts';
import type { Search } from './search.ts';

/**
 * Log constrained expected improvement in closed form, for metrics without noise; while no trial is feasible, the log
 * probability of feasibility.
 *
 * Pending points (in the unit cube) enter with each model's own mean as their outcome, so that none is proposed twice.
 * `incumbent` is the best feasible objective as "maximise".
 */
export function analyticSearch(
  definition: StudyDefinition,
  models: MetricModels,
  bounds: readonly GuardrailBound[],
  incumbent: number | undefined,
  pending: readonly Float64Array[],
): Search {
  const believed = new Map(
    [...models].map(([metric, model]) => [
      metric,
      pending.reduce((given, x) => appendObservation(given, x, predict(given, x).mean), model),
    ]),
  );
  const criterion = analyticCriterion(definition, believed, bounds, incumbent);
  if (incumbent === undefined) {
    return {
      criterion,
      generator: 'log_probability_of_feasibility',
      remark: 'no trial is feasible yet',
    };
  }
  return {
    criterion,
    generator: bounds.length === 0 ? 'log_expected_improvement' : 'log_constrained_expected_improvement',
  };
}

/** The acquisition function over the unit cube, its gradient chained through the models; no allocation per call. */
function analyticCriterion(
  definition: StudyDefinition,
  models: ReadonlyMap<string, GaussianProcess>,
  bounds: readonly GuardrailBound[],
  incumbent: number | undefined,
): Criterion {
  const metrics = [...models.keys()];
  const processes = [...models.values()];
  const predictions = processes.map((model) => predictionGradient(model));
  const outcomes = [
    { metric: metrics.indexOf(firstObjective(definition).metric), sign: objectiveSign(definition) },
    ...bounds.map(({ metric }) => ({ metric: metrics.indexOf(metric), sign: 1 })),
  ];
  const guardrails = bounds.map(({ bound, relation }): Guardrail => ({ bound, relation }));
  const means = new Float64Array(outcomes.length);
  const variances = new Float64Array(outcomes.length);
  const meanSlopes = new Float64Array(outcomes.length);
  const varianceSlopes = new Float64Array(outcomes.length);
  return (x, gradient) => {
    processes.forEach((model, m) => predictWithGradient(model, x, predictions[m]!));
    for (const [k, outcome] of outcomes.entries()) {
      means[k] = outcome.sign * predictions[outcome.metric]!.mean;
      variances[k] = predictions[outcome.metric]!.variance;
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
    for (const [k, outcome] of outcomes.entries()) {
      const { meanGradient, varianceGradient } = predictions[outcome.metric]!;
      const meanSlope = outcome.sign * meanSlopes[k]!;
      for (let j = 0; j < gradient.length; j++) {
        gradient[j]! += meanSlope * meanGradient[j]! + varianceSlopes[k]! * varianceGradient[j]!;
      }
    }
    return value;
  };
}
