import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

const NAMES = ['w1', 'w2', 'w3', 'w4', 'w5'];

/** How much each weight gains, and how soon it saturates. */
const LONG_CLICK = { gain: [0.3, 1, 0.5, 0.4, 0.7], rate: [2, 3, 1.5, 4, 2.5] };
const SAVE = { gain: [0.9, 0.1, 0.4, 0.2, 0.3], rate: [2, 4, 2, 5, 6] };

/** What each weight drives away. */
const HIDE = [1, 6, 2, 2, 3];

/** The mix that brings most clicks. */
const CLICK = [0.45, 0.05, 0.3, 0.05, 0.15];

/**
 * Five weights with a sum, of which 0.4 % of the simplex is feasible, its centroid not; two of three guardrails bind.
 *
 * max Σ aᵢ(1 − e^{−rᵢwᵢ}) with Σ bᵢ(1 − e^{−sᵢwᵢ}) ≥ 0.95, Σ hᵢwᵢ² ≤ 0.48, e^{−5 |w − q|²} ≥ 0.88 and Σw = 1
 *
 * The objective is concave and the region convex, so that the point that meets the Karush–Kuhn–Tucker conditions, here
 * found with 40 digits, is the optimum.
 */
export const smallRegion: Problem = {
  name: 'small-region',
  study: exactStudy({
    name: 'small-region',
    weights: Object.fromEntries(NAMES.map((name) => [name, [0, 1]])),
    sum: 1,
    objective: 'maximize long_click',
    guardrails: ['save >= 0.95', 'hide <= 0.48', 'click >= 0.88'],
  }),
  measure: (weights) => {
    const w = NAMES.map((name) => weights[name]!);
    return {
      long_click: saturating(LONG_CLICK, w),
      save: saturating(SAVE, w),
      hide: w.reduce((sum, value, i) => sum + HIDE[i]! * value ** 2, 0),
      click: Math.exp(-5 * w.reduce((sum, value, i) => sum + (value - CLICK[i]!) ** 2, 0)),
    };
  },
  optimum: {
    value: 0.9731026881911062,
    weights: {
      w1: 0.42092489089455676,
      w2: 0.11343708078484337,
      w3: 0.17243711747524249,
      w4: 0.10298619049209665,
      w5: 0.19021472035326079,
    },
  },
};

/** Σ gainᵢ (1 − e^{−rateᵢ wᵢ}) */
function saturating({ gain, rate }: typeof SAVE, w: readonly number[]): number {
  return w.reduce((sum, value, i) => sum + gain[i]! * (1 - Math.exp(-rate[i]! * value)), 0);
}
