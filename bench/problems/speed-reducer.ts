import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

/**
 * The weight of a gear box with eleven constraints, its number of teeth taken as continuous; 0.2 % of the box is feasible.
 *
 * min 0.7854 x₁x₂²(3.3333x₃² + 14.9334x₃ − 43.0934) − 1.508 x₁(x₆² + x₇²) + 7.4777(x₆³ + x₇³) + 0.7854(x₄x₆² + x₅x₇²)
 *
 * Each constraint as in `measure`, cᵢ ≤ 1. With 7.8 ≤ x₅; where 7.3 ≤ x₅ is allowed, the optimum is 2994.471.
 *
 * Source: Golinski 1970, J. Mechanisms 5:287–309; this form in Cagnina, Esquivel & Coello 2008, Informatica 32:319–326.
 */
export const speedReducer: Problem = {
  name: 'speed-reducer',
  study: exactStudy({
    name: 'speed-reducer',
    weights: {
      x1: [2.6, 3.6],
      x2: [0.7, 0.8],
      x3: [17, 28],
      x4: [7.3, 8.3],
      x5: [7.8, 8.3],
      x6: [2.9, 3.9],
      x7: [5, 5.5],
    },
    objective: 'minimize weight',
    guardrails: Array.from({ length: 11 }, (_, i) => `c${i + 1} <= 1`),
  }),
  measure: ({ x1 = NaN, x2 = NaN, x3 = NaN, x4 = NaN, x5 = NaN, x6 = NaN, x7 = NaN }) => ({
    weight:
      0.7854 * x1 * x2 ** 2 * (3.3333 * x3 ** 2 + 14.9334 * x3 - 43.0934) -
      1.508 * x1 * (x6 ** 2 + x7 ** 2) +
      7.4777 * (x6 ** 3 + x7 ** 3) +
      0.7854 * (x4 * x6 ** 2 + x5 * x7 ** 2),
    c1: 27 / (x1 * x2 ** 2 * x3),
    c2: 397.5 / (x1 * x2 ** 2 * x3 ** 2),
    c3: (1.93 * x4 ** 3) / (x2 * x3 * x6 ** 4),
    c4: (1.93 * x5 ** 3) / (x2 * x3 * x7 ** 4),
    c5: Math.sqrt(((745 * x4) / (x2 * x3)) ** 2 + 16.9e6) / (110 * x6 ** 3),
    c6: Math.sqrt(((745 * x5) / (x2 * x3)) ** 2 + 157.5e6) / (85 * x7 ** 3),
    c7: (x2 * x3) / 40,
    c8: (5 * x2) / x1,
    c9: x1 / (12 * x2),
    c10: (1.5 * x6 + 1.9) / x4,
    c11: (1.1 * x7 + 1.9) / x5,
  }),
  optimum: {
    value: 2996.3481649685295,
    weights: { x1: 3.5, x2: 0.7, x3: 17, x4: 7.3, x5: 7.8, x6: 3.350214666096447, x7: 5.286683229757916 },
  },
};
