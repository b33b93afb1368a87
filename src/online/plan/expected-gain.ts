import { posteriorSamples } from '../../../gp/posterior-samples.ts';
import type { JointPosterior } from '../../../gp/posterior.ts';
import { cholesky } from '../../../math/cholesky.ts';
import type { Random } from '../../../math/random.ts';
import { dot } from '../../../math/triangular.ts';
import { solveLowerRows } from '../../../math/triangular-rows.ts';

/** A Monte Carlo mean and its standard error. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/**
 * What the best of the arms is expected to be truly worth over the baseline, for one arm, two, … of them.
 *
 * E[(max_{i ≤ k} f_i − f_0)⁺] for k = 1 … m − 1, as if the truth of every arm were known afterwards: no experiment gains more.
 *
 * `samples` S×m row-major, joint draws of the objective (more is better) at the baseline and at the arms, in the order in which
 * arms would be added. Throws RangeError unless there are two draws of two points.
 */
export function expectedBestGains(samples: Float64Array, points: number): readonly Estimate[] {
  const draws = samples.length / points;
  if (!(Number.isInteger(draws) && draws >= 2 && points >= 2)) {
    throw new RangeError(`${samples.length} samples are not draws of ${points} points`);
  }
  const sums = new Float64Array(points);
  const squares = new Float64Array(points);
  for (let at = 0; at < samples.length; at += points) {
    let gain = 0;
    for (let i = 1; i < points; i++) {
      gain = Math.max(gain, samples[at + i]! - samples[at]!);
      sums[i]! += gain;
      squares[i]! += gain * gain;
    }
  }
  return Array.from({ length: points - 1 }, (_, i) => estimate(sums[i + 1]!, squares[i + 1]!, draws));
}

/**
 * What an experiment is expected to gain: the true worth, over the baseline, of what would be shipped after it.
 *
 * E[(max_i μ′_i − μ′_0)⁺], μ′ ~ N(μ, C(C + N)⁻¹C) the posterior mean that measurements y = f + ε, ε ~ N(0, N), will leave
 *
 * It ships the best posterior mean, the baseline included, and takes no account of guardrails. More arms raise the maximum, but
 * on the same traffic each is measured less well.
 *
 * `posterior` of the objective (more is better) at the baseline and the arms; `noiseVariances` of their measured means, in its
 * units squared. Throws RangeError on lengths that disagree or fewer than two draws, NotPositiveDefiniteError.
 * Source: Frazier, Powell & Dayanik 2009, INFORMS J. Computing 21:599–613 (knowledge gradient for correlated beliefs).
 */
export function expectedGainOfExperiment(
  posterior: JointPosterior,
  noiseVariances: Float64Array,
  draws: number,
  random: Random,
): Estimate {
  const { mean, covariance } = posterior;
  const points = mean.length;
  if (noiseVariances.length !== points || !(draws >= 2)) {
    throw new RangeError(`${points} points, but ${noiseVariances.length} noise variances, ${draws} draws`);
  }
  const noisy = Float64Array.from(covariance);
  for (let i = 0; i < points; i++) noisy[i * points + i]! += noiseVariances[i]!;
  const { factor } = cholesky(noisy, points);
  // Rows L⁻¹c_i, whose products are C(C + N)⁻¹C.
  const rows = Float64Array.from(covariance);
  solveLowerRows(factor, points, rows);
  const learned = Float64Array.from({ length: points * points }, (_, at) =>
    dot(rows, Math.floor(at / points) * points, rows, (at % points) * points, points),
  );
  const samples = posteriorSamples({ mean, covariance: learned }, draws, random);
  return expectedBestGains(samples, points).at(-1)!;
}

function estimate(sum: number, squares: number, draws: number): Estimate {
  const mean = sum / draws;
  const variance = Math.max(0, squares / draws - mean * mean) * (draws / (draws - 1));
  return { mean, standardError: Math.sqrt(variance / draws) };
}
