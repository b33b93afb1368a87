import type { WorldParameters } from './draw-world.ts';
import { HEAD_COUNT, HEADS } from './heads.ts';
import { COMMON_PRIOR } from './kinds.ts';
import type { Population } from './population.ts';
import { rankSlate } from './slate.ts';

/** Mean and covariance over users of what an experiment counts for one user, by head. */
export interface UserMoments {
  readonly mean: Float64Array;
  /** H×H row-major. */
  readonly covariance: Float64Array;
}

const CLICK = HEADS.indexOf('click');
const LONG_CLICK = HEADS.indexOf('long_click');

/**
 * Exact moments of one user's counts under a weight vector.
 *
 * A user j drawn from the population makes Poisson(λ_j) requests, each uniform among his; a request counts X_t = Σ_s E_s B_ts,
 * E_s ~ Bernoulli(e_s) the examination that the heads of a slot share, B_ts ~ Bernoulli(p_t a_t), a_t the share that has
 * arrived; a long click needs a click. Y = Σ X + Poisson(ν). E[Y | j] = λ_j E_r[X] + ν, and of a compound Poisson sum
 * Cov[Y | j] = λ_j E_r[X Xᵀ] + diag(ν).
 * `spurious` ν, engagements a user that the ranking does not cause.
 */
export function userMoments(
  { examination, maturity }: WorldParameters,
  population: Population,
  weights: ArrayLike<number>,
  spurious: ArrayLike<number>,
): UserMoments {
  const { users, requestsOfUser, candidatesOfRequest: count, activity, candidates } = population;
  const { truth } = candidates;
  const H = HEAD_COUNT;
  const slate = new Int32Array(COMMON_PRIOR.slots);
  const utility = new Float64Array(slate.length);
  const mean = new Float64Array(H);
  const covariance = new Float64Array(H * H);
  const ofRequest = new Float64Array(H);
  const ofUser = new Float64Array(H);
  const p = new Float64Array(H);
  for (let j = 0; j < users; j++) {
    const rate = activity[j]! / requestsOfUser;
    ofUser.fill(0);
    for (let r = 0; r < requestsOfUser; r++) {
      rankSlate(candidates, (j * requestsOfUser + r) * count, count, weights, slate, utility);
      ofRequest.fill(0);
      for (let s = 0; s < slate.length; s++) {
        const e = examination[s]!;
        for (let t = 0; t < H; t++) p[t] = truth[t]![slate[s]!]! * maturity[t]!;
        for (let t = 0; t < H; t++) {
          ofRequest[t]! += e * p[t]!;
          for (let u = 0; u < H; u++) {
            const both = t === u ? p[t]! : p[t]! * p[u]!;
            covariance[t * H + u]! += (rate / users) * (e * both - e * e * p[t]! * p[u]!);
          }
        }
        // A long click has a click: P(both) = P(long click)·P(the click has arrived).
        const more = e * p[LONG_CLICK]! * (maturity[CLICK]! - p[CLICK]!);
        covariance[CLICK * H + LONG_CLICK]! += (rate / users) * more;
        covariance[LONG_CLICK * H + CLICK]! += (rate / users) * more;
      }
      for (let t = 0; t < H; t++) {
        ofUser[t]! += rate * ofRequest[t]!;
        for (let u = 0; u < H; u++) {
          covariance[t * H + u]! += (rate / users) * ofRequest[t]! * ofRequest[u]!;
        }
      }
    }
    for (let t = 0; t < H; t++) {
      mean[t]! += ofUser[t]! / users;
      for (let u = 0; u < H; u++) covariance[t * H + u]! += (ofUser[t]! * ofUser[u]!) / users;
    }
  }
  for (let t = 0; t < H; t++) {
    for (let u = 0; u < H; u++) covariance[t * H + u]! -= mean[t]! * mean[u]!;
  }
  for (let t = 0; t < H; t++) {
    mean[t]! += spurious[t]!;
    covariance[t * H + t]! += spurious[t]!;
  }
  return { mean, covariance };
}
