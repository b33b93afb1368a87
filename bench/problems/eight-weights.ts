import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

const NAMES = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8'];

/** The most of each metric, the mix that gives it, and how fast it falls off in each direction. */
const METRICS = {
  long_click: {
    height: 0.3,
    mix: [0.35, 0.05, 0.2, -0.1, 0.2, 0.1, -0.05, 0.25],
    fall: [3.2, 1.6, 4.8, 4, 2.4, 1.6, 4.8, 2.4],
  },
  save: {
    height: 0.12,
    mix: [0.05, 0.3, 0.1, 0.15, 0.1, 0.15, 0, 0.15],
    fall: [2.4, 4.8, 1.6, 3.2, 1.6, 4, 2.4, 1.6],
  },
  click: {
    height: 0.45,
    mix: [0.15, 0.1, 0.1, 0, 0.35, 0.05, 0.2, 0.05],
    fall: [1.6, 2.4, 3.2, 1.6, 4.8, 2.4, 4, 1.6],
  },
  close_up: {
    height: 0.25,
    mix: [0.1, 0.15, 0.3, 0.05, 0.05, 0.2, 0.05, 0.1],
    fall: [4, 1.6, 2.4, 4.8, 1.6, 3.2, 1.6, 2.4],
  },
};

/**
 * Eight weights with a sum, and guardrails relative to equal weights; 0.9 % of the simplex is feasible. At the optimum all
 * three guardrails bind and two weights are zero.
 *
 * max y₁ with yₖ ≥ 0.95 yₖ(⅛, …, ⅛), k = 2, 3, 4, and Σw = 1; yₖ = hₖ exp(−Σ aₖᵢ(wᵢ − cₖᵢ)²)
 *
 * Each log yₖ is concave, so that the point that meets the Karush–Kuhn–Tucker conditions, found with 40 digits, is
 * the optimum.
 */
export const eightWeights: Problem = {
  name: 'eight-weights',
  study: exactStudy({
    name: 'eight-weights',
    weights: Object.fromEntries(NAMES.map((name) => [name, [0, 1]])),
    sum: 1,
    objective: 'maximize long_click',
    guardrails: ['save', 'click', 'close_up'].map((metric) => `${metric} >= 0.95 * baseline`),
    baseline: { weights: Object.fromEntries(NAMES.map((name) => [name, 1 / NAMES.length])) },
  }),
  measure: (weights) =>
    Object.fromEntries(
      Object.entries(METRICS).map(([metric, { height, mix, fall }]) => {
        const apart = NAMES.reduce((sum, name, i) => sum + fall[i]! * (weights[name]! - mix[i]!) ** 2, 0);
        return [metric, height * Math.exp(-apart)];
      }),
    ),
  optimum: {
    value: 0.25897626804517443,
    weights: {
      w1: 0.22388967492405812,
      w2: 0.16649790502095624,
      w3: 0.16345204203327712,
      w4: 0,
      w5: 0.1750431584726002,
      w6: 0.0989277309759197,
      w7: 0,
      w8: 0.1721894885731886,
    },
  },
};
