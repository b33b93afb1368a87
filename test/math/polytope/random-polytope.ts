import type { LabelledConstraint, PolytopeSpec } from '../../../math/polytope/constraint.ts';
import type { Random } from '../../../math/random.ts';

export const SUMS = [1, 0.3, 10, 2.5, 100, 1e4, 1e6] as const;

/**
 * A feasible spec around a random point: fixed weights, a sum half the time, up to two equalities and four
 * inequalities, some of them touching the point.
 */
export function randomSpec(random: Random, most = 8): PolytopeSpec & { readonly inside: Float64Array } {
  const d = 1 + random.integer(most);
  const sum = SUMS[random.integer(SUMS.length)]!;
  const shares = Array.from({ length: d }, () => -Math.log1p(-random.uniform()));
  const total = shares.reduce((a, b) => a + b, 0);
  const inside = Float64Array.from(shares, (share) => (share / total) * sum);
  const lower = inside.map((value) => [0, value * random.uniform(), value][Math.min(2, random.integer(7))]!);
  const upper = inside.map((value, i) => {
    if (random.integer(8) === 0) return value;
    return random.integer(2) === 0
      ? Math.max(sum, value)
      : value + sum * random.uniform() * (lower[i] === value ? 0.1 : 1);
  });
  const summed = random.integer(2) === 0;
  const around = (label: string, slack: number): LabelledConstraint => {
    const coefficients = Array.from({ length: d }, () => random.integer(5) - 2);
    return { label, coefficients, bound: coefficients.reduce((s, a, i) => s + a * inside[i]!, slack) };
  };
  return {
    inside,
    names: Array.from({ length: d }, (_, i) => `w${i + 1}`),
    lower,
    upper,
    ...(summed && { sum }),
    equalities: Array.from({ length: random.integer(3) }, (_, i) => around(`equality ${i}`, 0)),
    inequalities: Array.from({ length: random.integer(5) }, (_, i) =>
      around(`inequality ${i}`, random.integer(3) === 0 ? 0 : sum * random.uniform()),
    ),
  };
}

/** {w ≥ 0, Σw = 1} with d weights named a, b, c, … */
export function simplexSpec(d: number): PolytopeSpec & { readonly sum: number } {
  return {
    names: Array.from({ length: d }, (_, i) => String.fromCharCode(97 + i)),
    lower: new Float64Array(d),
    upper: new Float64Array(d).fill(1),
    sum: 1,
  };
}
