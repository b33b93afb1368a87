import { z } from 'zod';
import type { StudyDefinition } from '../domain/study.ts';
import { provenanceSchema, type Trial, type Weights } from '../domain/trial.ts';
import { encodeStudy, toUnitCube } from './encode.ts';
import { guardrailBounds } from './guardrail-bounds.ts';
import { guardrailSlack, probabilityMet } from './guardrail-slack.ts';
import { type FittedMetrics, metricModels, predictMetric } from './metric-models.ts';
import { steeringMetrics } from './metric-roles.ts';

/** What the models foretell at some weights. */
export const weightsPredictionSchema = provenanceSchema
  .pick({ predictions: true, feasibility: true })
  .extend({
    probabilityFeasible: z
      .number()
      .describe('∏ P(guardrail met), taken as independent; 1 without guardrails.'),
  });

export type WeightsPrediction = Readonly<z.output<typeof weightsPredictionSchema>>;

/**
 * The posterior of each metric that is modelled or steers at these weights, without the noise of a measurement, and P(guardrail
 * met): what a candidate there would say of itself.
 *
 * Throws RangeError while the baseline that the guardrails need is not measured.
 */
export function predictWeights(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
  points: readonly Weights[],
): readonly WeightsPrediction[] {
  const bounds = guardrailBounds(definition, trials);
  if (bounds === undefined) throw new RangeError('the baseline is not measured');
  const encoding = encodeStudy(definition);
  const models = metricModels(definition, encoding, trials, fitted);
  const slacks = bounds.map((bound) => guardrailSlack(definition, encoding, trials, models, bound));
  const metrics = [...new Set([...models.keys(), ...steeringMetrics(definition)])];
  return points.map((weights) => {
    const x = toUnitCube(encoding, weights);
    const feasibility = bounds.map(({ text }, k) => ({
      guardrail: text,
      probability: probabilityMet(slacks[k]!, x),
    }));
    return {
      predictions: Object.fromEntries(
        metrics.map((metric) => {
          const { mean, variance } = predictMetric(definition, models, metric, x);
          return [metric, { mean, stddev: Math.sqrt(variance) }];
        }),
      ),
      feasibility,
      probabilityFeasible: feasibility.reduce((product, { probability }) => product * probability, 1),
    };
  });
}
