import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

/**
 * Two feasible islands with 1.8 % of the square between them; the better one binds.
 *
 * min sin(x) + y with sin(x) sin(y) ≤ −0.95; −1 + arcsin(0.95) at (3π/2, arcsin(0.95))
 *
 * Source: simulation 2 of Gardner et al. 2014, Bayesian optimization with inequality constraints, ICML.
 */
export const gardner2: Problem = {
  name: 'gardner2',
  study: exactStudy({
    name: 'gardner2',
    weights: { x: [0, 6], y: [0, 6] },
    objective: 'minimize value',
    guardrails: ['c <= -0.95'],
  }),
  measure: ({ x = NaN, y = NaN }) => ({ value: Math.sin(x) + y, c: Math.sin(x) * Math.sin(y) }),
  optimum: { value: Math.asin(0.95) - 1, weights: { x: 1.5 * Math.PI, y: Math.asin(0.95) } },
};
