import type { Random } from '../../../math/random.ts';
import type { WorldParameters } from './draw-world.ts';
import { HEAD_COUNT, HEADS } from './heads.ts';

/** Candidates of requests, one after the other: what is true of each, and what the ranker's heads believe. */
export interface Candidates {
  /** P(engagement | examined), one array a head. */
  readonly truth: readonly Float64Array[];
  readonly belief: readonly Float64Array[];
}

const CLICK = HEADS.indexOf('click');
const LONG_CLICK = HEADS.indexOf('long_click');

export function emptyCandidates(count: number): Candidates {
  const columns = (): readonly Float64Array[] => HEADS.map(() => new Float64Array(count));
  return { truth: columns(), belief: columns() };
}

/**
 * Draws `count` candidates of one request into rows from `at` on.
 *
 * logit g_t = b_t + α_t a + υ_t u + κ_t b + ι_t I + η_t A; p_t = g_t, a long click only after a click, p = p_click·g;
 * belief logit q_t = logit p_t + bias_t b + τ_t(√κ e + √(1 − κ) e_t). Item traits a, u, b and errors are standard normal.
 */
export function drawRequest(
  { loadings, headNoise, sharedError, baitBias }: WorldParameters,
  user: number,
  intent: number,
  random: Random,
  { truth, belief }: Candidates,
  at: number,
  count: number,
): void {
  const common = Math.sqrt(sharedError);
  const alone = Math.sqrt(1 - sharedError);
  for (let i = at; i < at + count; i++) {
    const appeal = random.normal();
    const usefulness = random.normal();
    const bait = random.normal();
    const error = common * random.normal();
    for (let t = 0; t < HEAD_COUNT; t++) {
      truth[t]![i] = logistic(logit(loadings[t]!, appeal, usefulness, bait, intent, user));
    }
    truth[LONG_CLICK]![i]! *= truth[CLICK]![i]!;
    for (let t = 0; t < HEAD_COUNT; t++) {
      const shift = baitBias[t]! * bait + headNoise[t]! * (error + alone * random.normal());
      belief[t]![i] = shifted(truth[t]![i]!, shift);
    }
  }
}

/** The probability whose logit is larger by `shift`: p/(p + (1 − p)e^{−shift}). */
export function shifted(p: number, shift: number): number {
  return p / (p + (1 - p) * Math.exp(-shift));
}

function logit(
  loadings: Float64Array,
  appeal: number,
  usefulness: number,
  bait: number,
  intent: number,
  user: number,
): number {
  return (
    loadings[0]! +
    loadings[1]! * appeal +
    loadings[2]! * usefulness +
    loadings[3]! * bait +
    loadings[4]! * intent +
    loadings[5]! * user
  );
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
