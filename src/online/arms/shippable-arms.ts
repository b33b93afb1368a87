import { normalQuantile } from '../../../math/normal-quantile.ts';
import type { Random } from '../../../math/random.ts';
import type { LiftBeliefs } from '../plan/gain-within-guardrails.ts';
import { limitsOf, type LiftLimits, probabilityWithin } from '../plan/guardrail-limits.ts';

/** Readouts that are imagined; each with its mirror image. */
const READOUTS = 800;
/** A variance is at least so much of what it was before the readout: rounding, not knowledge. */
const VARIANCE_FLOOR = 1e-10;

/** What one metric's beliefs become as arms are measured: N(mean of a readout, covariance of all). */
interface Learning {
  readonly limits: LiftLimits;
  /** Of an arm's mean, relative. */
  readonly noise: number;
  /** READOUTS × P: of each imagined readout of the arms chosen so far. */
  readonly means: Float64Array;
  /** P×P: of the points, then of the control's error, which all of a round's lifts share. */
  readonly covariance: Float64Array;
  /** Standard normal, of the next arm's measurement in each readout. */
  readonly normals: Float64Array;
  /** What the measurement of one more arm would do to the points: per normal, and the standard deviation that is left. */
  readonly step: Float64Array;
  readonly stddev: Float64Array;
}

/**
 * The arms after whose readout most is expected to be shipped, one at a time; the rule of `expectedGainWithinGuardrails`.
 *
 * argmax_i E[max(0, max_j {s·μ′_j : Π_t P(bounds of t | μ′_t,j, v_t,j) ≥ confidence})] over candidates i, j the arms that were tested, those chosen
 * before and i; μ′ and v the moments that measuring those chosen and i will leave. So an arm is worth what it is likely to be
 * shown to be worth, and what its readout tells of its neighbours: one on a bound that no readout can clear is worth little.
 *
 * Points before `tested` are arms that were run, the others candidates. Returns up to `count` points, fewer where no readout
 * of one more arm would change what is shipped. Each arm's gain is over the same imagined readouts.
 * Source: Frazier, Powell & Dayanik 2009 (knowledge gradient of correlated normal beliefs); greedy batches and the guardrails are ours.
 */
export function shippableArms(
  beliefs: LiftBeliefs,
  tested: number,
  count: number,
  random: Random,
): readonly number[] {
  const points = beliefs.metrics[0]!.posterior.mean.length;
  const metrics = beliefs.metrics.map((_, t) => learningOf(beliefs, t));
  const chosen: number[] = [];
  const known = Array.from({ length: tested }, (_, i) => i);
  while (chosen.length < count) {
    for (const { normals } of metrics) drawMirrored(normals, random);
    let most = gainOf(beliefs, metrics, known, undefined);
    let next = -1;
    for (let i = tested; i < points; i++) {
      if (chosen.includes(i)) continue;
      const gain = gainOf(beliefs, metrics, [...known, i], i);
      if (gain > most) {
        most = gain;
        next = i;
      }
    }
    if (next < 0) break;
    for (const metric of metrics) measure(metric, points, next);
    chosen.push(next);
    known.push(next);
  }
  return chosen;
}

function learningOf({ metrics, guardrails }: LiftBeliefs, metric: number): Learning {
  const { posterior, noise } = metrics[metric]!;
  const m = posterior.mean.length;
  const P = m + 1;
  const covariance = new Float64Array(P * P);
  for (let i = 0; i < m; i++) covariance.set(posterior.covariance.subarray(i * m, (i + 1) * m), i * P);
  covariance[m * P + m] = noise.control;
  const means = new Float64Array(READOUTS * P);
  for (let s = 0; s < READOUTS; s++) means.set(posterior.mean, s * P);
  return {
    limits: limitsOf(guardrails, metric),
    noise: noise.arm,
    means,
    covariance,
    normals: new Float64Array(READOUTS),
    step: new Float64Array(P),
    stddev: new Float64Array(P),
  };
}

function drawMirrored(normals: Float64Array, random: Random): void {
  for (let s = 0; s < READOUTS; s += 2) {
    normals[s] = random.normal();
    normals[s + 1] = -normals[s]!;
  }
}

/** The mean over the readouts of what would be shipped of `known` points, after one more arm is measured, if it is given. */
function gainOf(
  { objective, confidence }: LiftBeliefs,
  metrics: readonly Learning[],
  known: readonly number[],
  arm: number | undefined,
): number {
  const P = metrics[0]!.step.length;
  for (const metric of metrics) foresee(metric, P, known, arm);
  const guarded = metrics.filter(({ limits: { lower, upper } }) => lower > -Infinity || upper < Infinity);
  const least = normalQuantile(confidence);
  const wanted = metrics[objective.metric]!;
  let sum = 0;
  for (let s = 0; s < READOUTS; s++) {
    let gain = 0;
    for (const i of known) {
      const worth = objective.sign * (wanted.means[s * P + i]! + wanted.step[i]! * wanted.normals[s]!);
      if (worth > gain && isKept(guarded, s, i, P, least, confidence)) gain = worth;
    }
    sum += gain;
  }
  return sum / READOUTS;
}

/** Fills `step` and `stddev` at the known points: C_·a/√(C_aa + noise), the lift and the control's error measured together. */
function foresee(metric: Learning, P: number, known: readonly number[], arm: number | undefined): void {
  const { covariance, step, stddev } = metric;
  const scale = arm === undefined ? 0 : 1 / Math.sqrt(measuredVariance(metric, P, arm));
  for (const i of known) {
    step[i] = arm === undefined ? 0 : scale * withMeasurement(covariance, P, i, arm);
    const before = covariance[i * P + i]!;
    stddev[i] = Math.sqrt(Math.max(VARIANCE_FLOOR * before, before - step[i]! ** 2));
  }
}

/** Whether the guardrails are met with the confidence; each must be by itself, which is quicker to see. */
function isKept(
  guarded: readonly Learning[],
  readout: number,
  point: number,
  P: number,
  least: number,
  confidence: number,
): boolean {
  let met = 1;
  for (const { limits, means, step, normals, stddev } of guarded) {
    const mean = means[readout * P + point]! + step[point]! * normals[readout]!;
    const clear = least * stddev[point]!;
    if (mean - clear < limits.lower || mean + clear > limits.upper) return false;
    met *= probabilityWithin(limits, mean, stddev[point]!);
  }
  return met >= confidence;
}

/** Cov[f_i, y_a], y_a = f_a + control's error + the arm's own. */
function withMeasurement(covariance: Float64Array, P: number, i: number, arm: number): number {
  return covariance[i * P + arm]! + covariance[i * P + P - 1]!;
}

function measuredVariance({ covariance, noise }: Learning, P: number, arm: number): number {
  return withMeasurement(covariance, P, arm, arm) + withMeasurement(covariance, P, P - 1, arm) + noise;
}

/** Takes an arm's measurement into all readouts. */
function measure(metric: Learning, points: number, arm: number): void {
  const { means, covariance, normals } = metric;
  const P = points + 1;
  const scale = 1 / Math.sqrt(measuredVariance(metric, P, arm));
  const step = Float64Array.from({ length: P }, (_, i) => scale * withMeasurement(covariance, P, i, arm));
  for (let s = 0; s < READOUTS; s++) {
    for (let i = 0; i < P; i++) means[s * P + i]! += step[i]! * normals[s]!;
  }
  for (let i = 0; i < P; i++) {
    for (let j = 0; j < P; j++) covariance[i * P + j]! -= step[i]! * step[j]!;
  }
}
