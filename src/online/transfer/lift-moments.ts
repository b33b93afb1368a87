import type { JointPosterior } from '../../../gp/posterior.ts';

/** Mean and covariance (n − 1) of draws, S×m row-major, in two passes. Throws RangeError on fewer than two draws. */
export function liftMoments(draws: Float64Array, points: number): JointPosterior {
  const count = draws.length / points;
  if (!(Number.isInteger(count) && count >= 2)) {
    throw new RangeError(`${draws.length} numbers are not draws of ${points} points`);
  }
  const mean = new Float64Array(points);
  for (let at = 0; at < draws.length; at += points) {
    for (let i = 0; i < points; i++) mean[i]! += draws[at + i]! / count;
  }
  const covariance = new Float64Array(points * points);
  for (let at = 0; at < draws.length; at += points) {
    for (let i = 0; i < points; i++) {
      const fromMean = draws[at + i]! - mean[i]!;
      for (let j = 0; j <= i; j++) {
        covariance[i * points + j]! += (fromMean * (draws[at + j]! - mean[j]!)) / (count - 1);
      }
    }
  }
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < i; j++) covariance[j * points + i] = covariance[i * points + j]!;
  }
  return { mean, covariance };
}
