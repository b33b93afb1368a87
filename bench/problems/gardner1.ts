import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

/**
 * Waves with a third of the square cut off; the optimum is inside the feasible region, on the square's edge.
 *
 * min cos(2x) cos(y) + sin(x) with cos(x) cos(y) − sin(x) sin(y) ≤ ½
 *
 * Source: simulation 1 of Gardner et al. 2014, Bayesian optimization with inequality constraints, ICML.
 */
export const gardner1: Problem = {
  name: 'gardner1',
  study: exactStudy({
    name: 'gardner1',
    weights: { x: [0, 6], y: [0, 6] },
    objective: 'minimize value',
    guardrails: ['c <= 0.5'],
  }),
  measure: ({ x = NaN, y = NaN }) => ({
    value: Math.cos(2 * x) * Math.cos(y) + Math.sin(x),
    c: Math.cos(x) * Math.cos(y) - Math.sin(x) * Math.sin(y),
  }),
  optimum: { value: -2, weights: { x: 1.5 * Math.PI, y: 0 } },
};
