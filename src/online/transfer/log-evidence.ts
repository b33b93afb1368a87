import { logNormalPdf } from '../../../math/normal.ts';
import { sampleStddev } from '../../../math/statistics.ts';
import { liftLeaveOneOut } from './lift-leave-one-out.ts';
import type { LiftProcess } from './lift-process.ts';

/** Processes weighted over ρ; the weights add up to 1. */
export type LiftMixture = readonly { readonly weight: number; readonly process: LiftProcess }[];

/** What the log does for the leave-one-out predictions of the online arms; densities of logarithms of metrics, in nats. */
export interface LogEvidence {
  /** Summed leave-one-out log predictive density of the arms with the log, less that without: above 0 the log helps. */
  readonly gain: number;
  /** Of the gain, from the spread over the arms. */
  readonly standardError: number;
  /** Root mean square error of the leave-one-out predictions with the log and without, as a lift. */
  readonly errorWith: number;
  readonly errorWithout: number;
}

/**
 * Holds the models with and without the log against the online arms, each left out in turn.
 *
 * gain = Σ_i log Σ_g w_g N(y_i | m_{g,−i}, v_{g,−i}) − log N(y_i | m_{−i}, v_{−i}); hyperparameters are of all data.
 * `withLog` and `without` are conditioned on the same rounds.
 * Source: Vehtari & Lampinen 2002, Neural Computation 14:2439.
 */
export function logEvidence(withLog: LiftMixture, without: LiftMixture): LogEvidence {
  const arms = without[0]!.process.outputs.length;
  const joined = predictions(withLog, arms);
  const apart = predictions(without, arms);
  const gains = joined.logDensity.map((value, i) => value - apart.logDensity[i]!);
  return {
    gain: gains.reduce((sum, value) => sum + value, 0),
    standardError: sampleStddev(gains) * Math.sqrt(arms),
    errorWith: joined.error,
    errorWithout: apart.error,
  };
}

/** Of the last `arms` observations, which are the online ones. */
function predictions(
  mixture: LiftMixture,
  arms: number,
): { readonly logDensity: Float64Array; readonly error: number } {
  const parts = mixture.map(({ weight, process }) => {
    const { mean, variance } = liftLeaveOneOut(process);
    const from = mean.length - arms;
    return { weight, mean: mean.subarray(from), variance: variance.subarray(from) };
  });
  const outputs = mixture[0]!.process.outputs.slice(-arms);
  const logDensity = outputs.map((y, i) => {
    const terms = parts.map(({ weight, mean, variance }) => {
      const stddev = Math.sqrt(variance[i]!);
      return Math.log(weight) + logNormalPdf((y - mean[i]!) / stddev) - Math.log(stddev);
    });
    const largest = Math.max(...terms);
    return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
  });
  const squares = outputs.map((y, i) => {
    const mean = parts.reduce((sum, part) => sum + part.weight * part.mean[i]!, 0);
    return (y - mean) ** 2;
  });
  return { logDensity, error: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / arms) };
}
