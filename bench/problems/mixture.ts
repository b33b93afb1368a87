import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

/** The maximum of 16.4 − 4.7x₁ + 11.4x₁(1 − x₁), to which y falls on the edge x₂ = 0. */
const FIRST = 6.7 / 22.8;

/**
 * The elongation of yarn spun from a mixture of three polymers, as a quadratic model of it; the optimum is on an edge.
 *
 * max 11.7x₁ + 9.4x₂ + 16.4x₃ + 19x₁x₂ + 11.4x₁x₃ − 9.6x₂x₃ with Σx = 1
 *
 * Source: Cornell 2002, Experiments with mixtures, 3rd ed.; Scheffé 1958 for the model's form.
 */
export const mixture: Problem = {
  name: 'mixture',
  study: exactStudy({
    name: 'mixture',
    weights: { x1: [0, 1], x2: [0, 1], x3: [0, 1] },
    sum: 1,
    objective: 'maximize elongation',
  }),
  measure: ({ x1 = NaN, x2 = NaN, x3 = NaN }) => ({
    elongation: 11.7 * x1 + 9.4 * x2 + 16.4 * x3 + 19 * x1 * x2 + 11.4 * x1 * x3 - 9.6 * x2 * x3,
  }),
  optimum: { value: 16.4 + 6.7 ** 2 / 45.6, weights: { x1: FIRST, x2: 0, x3: 1 - FIRST } },
};
