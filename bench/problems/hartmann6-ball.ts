import { exactStudy } from './exact-study.ts';
import { hartmann6 } from './hartmann6.ts';
import type { Problem } from './problem.ts';

/**
 * Hartmann's function with the norm as a black-box constraint: 8 % of the cube is feasible, the global minimum among it.
 *
 * min hartmann6(x) with ‖x‖₂ ≤ 1
 *
 * Source: Letham et al. 2019, Constrained Bayesian optimization with noisy experiments, Bayesian Analysis 14:495–519.
 */
export const hartmann6Ball: Problem = {
  name: 'hartmann6-ball',
  study: exactStudy({
    name: 'hartmann6-ball',
    weights: { x1: [0, 1], x2: [0, 1], x3: [0, 1], x4: [0, 1], x5: [0, 1], x6: [0, 1] },
    objective: 'minimize value',
    guardrails: ['norm <= 1'],
  }),
  measure: (weights) => {
    const x = Object.values(weights);
    return { value: hartmann6(x), norm: Math.hypot(...x) };
  },
  optimum: {
    value: -3.322368011415512,
    weights: {
      x1: 0.20168950024428753,
      x2: 0.15001068678563603,
      x3: 0.4768739782324288,
      x4: 0.27533242745882075,
      x5: 0.3116516129849123,
      x6: 0.6573005336709207,
    },
  },
};
