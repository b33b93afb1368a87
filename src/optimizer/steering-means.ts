import { slackOf } from '../../acquisition/feasibility.ts';
import { encode } from '../../acquisition/encoding.ts';
import { posteriorMean } from '../../gp/posterior.ts';
import { termsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { StudyEncoding } from './encode.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import type { MetricModels } from './metric-models.ts';
import { firstObjective, objectiveSign } from './metric-roles.ts';

/** Posterior means at weights: the objective as "maximise", and the slack of each guardrail. */
export interface SteeringMeans {
  readonly objective: (w: ArrayLike<number>) => number;
  readonly slacks: readonly ((w: ArrayLike<number>) => number)[];
}

/** The models' means of what steers a study, cheap enough for thousands of weights. */
export function steeringMeans(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  models: MetricModels,
  bounds: readonly GuardrailBound[],
): SteeringMeans {
  const x = new Float64Array(encoding.inputs.indices.length);
  const meanOf = (metric: string): ((w: ArrayLike<number>) => number) => {
    const { terms, constant } = termsOf(definition, metric);
    const parts = terms.map(({ part, coefficient }) => ({
      mean: posteriorMean(models.get(part)!),
      coefficient,
    }));
    return (w) => {
      encode(encoding.inputs, w, x);
      let total = constant;
      for (const { mean, coefficient } of parts) total += coefficient * mean(x);
      return total;
    };
  };
  const sign = objectiveSign(definition);
  const objective = meanOf(firstObjective(definition).metric);
  return {
    objective: (w) => sign * objective(w),
    slacks: bounds.map((bound) => {
      const mean = meanOf(bound.metric);
      return (w) => slackOf(bound, mean(w));
    }),
  };
}
