import { exactStudy } from './exact-study.ts';
import { hartmann6 } from './hartmann6.ts';
import type { Problem } from './problem.ts';

/**
 * Hartmann's function on the probability simplex, without a black-box constraint; three weights are zero at the optimum.
 *
 * min hartmann6(x) with Σx = 1
 */
export const hartmann6Simplex: Problem = {
  name: 'hartmann6-simplex',
  study: exactStudy({
    name: 'hartmann6-simplex',
    weights: { x1: [0, 1], x2: [0, 1], x3: [0, 1], x4: [0, 1], x5: [0, 1], x6: [0, 1] },
    sum: 1,
    objective: 'minimize value',
  }),
  measure: (weights) => ({ value: hartmann6(Object.values(weights)) }),
  optimum: {
    value: -1.515027107018071,
    weights: { x1: 0, x2: 0, x3: 0, x4: 0.1973009396602, x5: 0.2512957734338, x6: 0.551403286906 },
  },
};
