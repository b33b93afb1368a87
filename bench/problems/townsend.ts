import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

/**
 * A multimodal surface inside a heart-shaped region; the optimum is on its edge.
 *
 * min −cos²((x − 0.1)y) − x sin(3x + y) with
 * x² + y² − (2cos t − ½cos 2t − ¼cos 3t − ⅛cos 4t)² − (2sin t)² ≤ 0, t = atan2(x, y)
 *
 * Source: Townsend 2014, Constrained optimization in Chebfun; modified as in collections of test functions.
 */
export const townsend: Problem = {
  name: 'townsend',
  study: exactStudy({
    name: 'townsend',
    weights: { x: [-2.25, 2.25], y: [-2.5, 1.75] },
    objective: 'minimize value',
    guardrails: ['c <= 0'],
  }),
  measure: ({ x = NaN, y = NaN }) => ({
    value: -(Math.cos((x - 0.1) * y) ** 2) - x * Math.sin(3 * x + y),
    c: x ** 2 + y ** 2 - squaredRadius(Math.atan2(x, y)),
  }),
  optimum: { value: -2.023988362325762, weights: { x: 2.005292715722317, y: 1.1944528835743886 } },
};

function squaredRadius(t: number): number {
  const cosines = 2 * Math.cos(t) - Math.cos(2 * t) / 2 - Math.cos(3 * t) / 4 - Math.cos(4 * t) / 8;
  return cosines ** 2 + (2 * Math.sin(t)) ** 2;
}
