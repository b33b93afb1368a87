import { posteriorSamples } from '../../../gp/posterior-samples.ts';
import type { JointPosterior } from '../../../gp/posterior.ts';
import { cholesky } from '../../../math/cholesky.ts';
import type { Random } from '../../../math/random.ts';
import { dot } from '../../../math/triangular.ts';
import { solveLowerRows } from '../../../math/triangular-rows.ts';
import type { LiftGuardrail } from '../transfer/lift-guardrail.ts';
import type { Estimate } from './estimate.ts';
import { limitsOf, probabilityWithin } from './guardrail-limits.ts';

/** What the next readout will not know of a metric: relative variances of an arm's mean and of the control's. */
export interface LiftNoise {
  readonly arm: number;
  readonly control: number;
}

/** Lifts of all metrics at the same points, normal, metrics independent; and how well the next experiment measures them. */
export interface LiftBeliefs {
  readonly metrics: readonly { readonly posterior: JointPosterior; readonly noise: LiftNoise }[];
  readonly objective: { readonly metric: number; readonly sign: 1 | -1 };
  readonly guardrails: readonly LiftGuardrail[];
  /** P(all guardrails met) from which an arm may be shipped. */
  readonly confidence: number;
}

/**
 * What would be shipped after one more experiment is expected to be truly worth over the baseline, guardrails kept.
 *
 * E[max(0, max_i {s·μ′_i : Π_t P(bounds of t | μ′_t,i, v_t,i) ≥ confidence})], μ′_t ~ N(μ_t, L_t), L_t = C_·n(C_nn + N_t)⁻¹C_n·, v_t the diagonal
 * of C_t − L_t, N_t = arm·I + control·11ᵀ: the posterior means that the readout will leave, and the rule by which a shipment is
 * decided then.
 *
 * Points from `from` on are measured, those before are known already and may be shipped too. Throws RangeError on fewer than two draws
 * or nothing to measure, NotPositiveDefiniteError.
 * Source: Frazier, Powell & Dayanik 2009 (preposterior of correlated normal beliefs); the guardrails are ours.
 */
export function expectedGainWithinGuardrails(
  { metrics, objective, guardrails, confidence }: LiftBeliefs,
  from: number,
  draws: number,
  random: Random,
): Estimate {
  const points = metrics[0]!.posterior.mean.length;
  if (!(draws >= 2 && from < points)) throw new RangeError(`${points - from} points, ${draws} draws`);
  const learned = metrics.map(({ posterior, noise }) => {
    const covariance = learnedCovariance(posterior.covariance, points, from, noise);
    const stddev = Float64Array.from({ length: points }, (_, i) =>
      Math.sqrt(Math.max(0, posterior.covariance[i * points + i]! - covariance[i * points + i]!)),
    );
    return { means: posteriorSamples({ mean: posterior.mean, covariance }, draws, random), stddev };
  });
  const limits = metrics.map((_, t) => limitsOf(guardrails, t));
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < draws * points; at += points) {
    let gain = 0;
    for (let i = 0; i < points; i++) {
      const worth = objective.sign * learned[objective.metric]!.means[at + i]!;
      if (!(worth > gain)) continue;
      let met = 1;
      for (const [t, each] of limits.entries()) {
        const { means, stddev } = learned[t]!;
        met *= probabilityWithin(each, means[at + i]!, stddev[i]!);
      }
      if (met >= confidence) gain = worth;
    }
    sum += gain;
    squares += gain * gain;
  }
  const mean = sum / draws;
  const variance = Math.max(0, squares / draws - mean * mean) * (draws / (draws - 1));
  return { mean, standardError: Math.sqrt(variance / draws) };
}

/** C_·n(C_nn + N)⁻¹C_n·, m×m row-major. */
function learnedCovariance(
  covariance: Float64Array,
  points: number,
  from: number,
  { arm, control }: LiftNoise,
): Float64Array {
  const count = points - from;
  const noisy = Float64Array.from({ length: count * count }, (_, at) => {
    const i = Math.floor(at / count);
    const j = at % count;
    return covariance[(from + i) * points + from + j]! + control + (i === j ? arm : 0);
  });
  const { factor } = cholesky(noisy, count);
  const rows = Float64Array.from(
    { length: points * count },
    (_, at) => covariance[Math.floor(at / count) * points + from + (at % count)]!,
  );
  solveLowerRows(factor, count, rows);
  return Float64Array.from({ length: points * points }, (_, at) =>
    dot(rows, Math.floor(at / points) * count, rows, (at % points) * count, count),
  );
}
