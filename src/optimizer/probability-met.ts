import type { GaussianProcess } from '../../gp/gaussian-process.ts';
import { predict } from '../../gp/posterior.ts';
import { normalCdf } from '../../math/normal.ts';
import { type GuardrailBound, slackOf } from './guardrail-bounds.ts';

/** P(metric meets the bound) = Φ(slack(mean)/√variance), of the model's latent function at x in the unit cube. */
export function probabilityMet(bound: GuardrailBound, model: GaussianProcess, x: Float64Array): number {
  const { mean, variance } = predict(model, x);
  return normalCdf(slackOf(bound, mean) / Math.sqrt(variance));
}
