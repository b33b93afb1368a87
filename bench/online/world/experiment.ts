import { covarianceRoot } from '../../../math/covariance-root.ts';
import { type Random, randomStream } from '../../../math/random.ts';
import { HEAD_COUNT } from './heads.ts';
import { COMMON_PRIOR } from './kinds.ts';
import { userMoments } from './user-moments.ts';
import type { World } from './world.ts';

/** What an experiment reads of one arm, one number a head: the mean per user and its standard error. */
export interface ArmReadout {
  readonly weights: Float64Array;
  readonly users: number;
  readonly mean: Float64Array;
  readonly standardError: Float64Array;
  /** Of one user's counts, H×H row-major. */
  readonly correlation: Float64Array;
}

/** One round of an experiment; the first arm has the baseline's weights. */
export type Readout = readonly ArmReadout[];

/**
 * Runs the arms beside a baseline arm, each on as many users as the world has traffic for.
 *
 * Means are drawn from N(m, Σ/n), m and Σ the exact moments of one user's counts, which is their sampling distribution to
 * the central limit theorem; every arm's metric t is then multiplied by the round's e^{drift·z_t}. Standard errors are √(Σ_tt/n),
 * so multiplied: those of data differ from them by under a hundredth at 8,000 users.
 * Arm a of round r has the same normal draws in every strategy, so that paired differences between strategies are not of noise.
 */
export function runExperiment(world: World, arms: readonly Float64Array[], round: number): Readout {
  const { kind, seed, parameters, population, baseline, truth } = world;
  // Drift is the world's: all strategies meet the same season.
  const season = randomStream(seed, 'world', kind, 'season', round);
  const drift = Float64Array.from({ length: HEAD_COUNT }, () =>
    Math.exp(COMMON_PRIOR.drift * season.normal()),
  );
  const served = truth(baseline);
  const spurious = served.map((value, t) => value * parameters.spurious[t]!);
  return [baseline, ...arms].map((weights, arm) => {
    const random = randomStream(seed, 'world', kind, 'experiment', round, arm);
    const { mean, covariance } = userMoments(parameters, population, weights, spurious);
    const noise = normalVector(covariance, random);
    const users = parameters.usersOfArm;
    return {
      weights,
      users,
      mean: mean.map((value, t) => drift[t]! * (value + noise[t]! / Math.sqrt(users))),
      standardError: mean.map((_, t) => drift[t]! * Math.sqrt(covariance[t * HEAD_COUNT + t]! / users)),
      correlation: correlationOf(covariance),
    };
  });
}

/** A draw of N(0, covariance). */
function normalVector(covariance: Float64Array, random: Random): Float64Array {
  const root = covarianceRoot(covariance, HEAD_COUNT);
  const z = Float64Array.from({ length: HEAD_COUNT }, () => random.normal());
  return z.map((_, t) => z.reduce((sum, value, u) => sum + root[t * HEAD_COUNT + u]! * value, 0));
}

function correlationOf(covariance: Float64Array): Float64Array {
  const stddev = Float64Array.from({ length: HEAD_COUNT }, (_, t) =>
    Math.sqrt(covariance[t * HEAD_COUNT + t]!),
  );
  return covariance.map(
    (value, at) => value / (stddev[Math.floor(at / HEAD_COUNT)]! * stddev[at % HEAD_COUNT]!),
  );
}
