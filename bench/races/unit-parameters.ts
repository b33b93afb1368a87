import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Weights } from '../../src/domain/trial.ts';

/** A study's weights as independent parameters in [0, 1], for methods that know ranges alone. */
export interface UnitParameters {
  readonly dimension: number;
  readonly toWeights: (parameters: readonly number[]) => Weights;
  readonly fromWeights: (weights: Weights) => readonly number[];
}

/**
 * The parameters: the weights scaled to their ranges; under a sum C of weights from 0 to C, shares of what is left.
 *
 * wᵢ = (C − w₁ − … − wᵢ₋₁)(1 − uᵢ^{1/(d−i)}), i < d, and w_d what is left: uniform u give uniform weights, and each w has
 * its u (stick-breaking).
 *
 * Throws RangeError on linear constraints and on a sum over other ranges.
 *
 * Source: Devroye 1986, Non-uniform random variate generation, section V.2.
 */
export function unitParameters({ weights, sum, constraints }: StudyDefinition): UnitParameters {
  if (constraints.length > 0) throw new RangeError(`${constraints.length} linear constraints`);
  const names = Object.keys(weights);
  const ranges = Object.values(weights);
  if (sum === undefined) {
    return {
      dimension: names.length,
      toWeights: (u) => Object.fromEntries(names.map((name, i) => [name, scaled(ranges[i]!, u[i]!)])),
      fromWeights: (w) =>
        names.map((name, i) => (w[name]! - ranges[i]!.min) / (ranges[i]!.max - ranges[i]!.min)),
    };
  }
  const other = ranges.find(({ min, max }) => min !== 0 || max !== sum);
  if (other !== undefined) throw new RangeError(`range [${other.min}, ${other.max}] with the sum ${sum}`);
  return { dimension: names.length - 1, ...stickBreaking(names, sum) };
}

/** Exact at both ends. */
function scaled({ min, max }: StudyDefinition['weights'][string], share: number): number {
  return share < 1 ? min + (max - min) * share : max;
}

function stickBreaking(names: readonly string[], sum: number): Omit<UnitParameters, 'dimension'> {
  const last = names.length - 1;
  return {
    toWeights: (u) => {
      let rest = sum;
      return Object.fromEntries(
        names.map((name, i) => {
          const weight = i === last ? rest : rest * (1 - u[i]! ** (1 / (last - i)));
          rest -= weight;
          return [name, weight];
        }),
      );
    },
    fromWeights: (w) => {
      let rest = sum;
      return names.slice(0, last).map((name, i) => {
        const kept = rest > 0 ? Math.max(0, 1 - w[name]! / rest) : 1;
        rest -= w[name]!;
        return kept ** (last - i);
      });
    },
  };
}
