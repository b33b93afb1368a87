import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

/**
 * A plane under a wavy constraint and a disc; three local optima, the best where the wave binds.
 *
 * min x₁ + x₂ with c₁ = 3/2 − x₁ − 2x₂ − ½ sin(2π(x₁² − 2x₂)) ≤ 0, c₂ = x₁² + x₂² − 3/2 ≤ 0
 *
 * Source: Gramacy et al. 2016, Modeling an augmented Lagrangian for blackbox constrained optimization, Technometrics 58.
 */
export const gramacy: Problem = {
  name: 'gramacy',
  study: exactStudy({
    name: 'gramacy',
    weights: { x1: [0, 1], x2: [0, 1] },
    objective: 'minimize value',
    guardrails: ['c1 <= 0', 'c2 <= 0'],
  }),
  measure: ({ x1 = NaN, x2 = NaN }) => ({
    value: x1 + x2,
    c1: 1.5 - x1 - 2 * x2 - 0.5 * Math.sin(2 * Math.PI * (x1 ** 2 - 2 * x2)),
    c2: x1 ** 2 + x2 ** 2 - 1.5,
  }),
  optimum: { value: 0.5997880520100675, weights: { x1: 0.1951226834720716, x2: 0.40466536853799584 } },
};
