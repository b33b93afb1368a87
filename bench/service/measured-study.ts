import type { Weights } from '../../src/domain/trial.ts';

/** The diameter of the simplex of four weights: the distance of two corners. */
export const DIAMETER = Math.SQRT2;

/** A study of four weights with an objective, a guardrail and a metric to report, without noise. */
export function measuredStudy(name: string, changes: object = {}): object {
  return {
    name,
    weights: { a: [0, 1], b: [0, 1], c: [0, 1], d: [0, 1] },
    sum: 1,
    objective: 'maximize gain',
    guardrails: ['cost <= 0.8'],
    metrics: { gain: { noise: 'none' }, cost: { noise: 'none' } },
    seed: 11,
    ...changes,
  };
}

/** What the weights are worth: smooth, with the best inside the guardrail's bound. */
export function measured(weights: Weights): Readonly<Record<string, number>> {
  const [a, b, c] = [weights['a']!, weights['b']!, weights['c']!];
  return {
    gain: 1 - (a - 0.5) ** 2 - (b - 0.2) ** 2 - 0.5 * (c - 0.2) ** 2 + 0.1 * Math.sin(6 * a * b),
    cost: a + 0.5 * b,
  };
}
