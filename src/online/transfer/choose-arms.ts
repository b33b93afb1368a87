import { type LiftGuardrail, type LiftSamples, meetsGuardrails } from './lift-guardrail.ts';

/**
 * The arms of the next round: noisy expected improvement of a batch, over draws of the joint posterior.
 *
 * argmax_i E_s[(f_s(x_i) − best_s)₊ · 1(x_i feasible in s)], best_s the best feasible of the baseline (lift 0, which keeps
 * every guardrail by definition), the tested arms and those chosen before; one arm at a time.
 * `objective` is the index of the metric to maximise; points before `tested` are arms that were run, the others candidates. Returns
 * up to `count` points, fewer where none improves in any draw.
 * Source: Letham et al. 2019, arXiv:1706.07094; Balandat et al. 2020 (greedy batches).
 */
export function chooseArms(
  samples: LiftSamples,
  objective: number,
  guardrails: readonly LiftGuardrail[],
  tested: number,
  count: number,
): readonly number[] {
  const { count: S, points: m, metrics } = samples;
  const worth = new Float64Array(S * m).fill(-Infinity);
  for (let s = 0; s < S; s++) {
    for (let i = 0; i < m; i++) {
      if (meetsGuardrails(samples, guardrails, s, i)) worth[s * m + i] = metrics[objective]![s * m + i]!;
    }
  }
  const best = new Float64Array(S);
  const take = (i: number): void => {
    for (let s = 0; s < S; s++) best[s] = Math.max(best[s]!, worth[s * m + i]!);
  };
  for (let i = 0; i < tested; i++) take(i);
  const chosen: number[] = [];
  while (chosen.length < count) {
    let most = 0;
    let next = -1;
    for (let i = tested; i < m; i++) {
      let gain = 0;
      for (let s = 0; s < S; s++) gain += Math.max(0, worth[s * m + i]! - best[s]!);
      if (gain > most) {
        most = gain;
        next = i;
      }
    }
    if (next < 0) break;
    chosen.push(next);
    take(next);
  }
  return chosen;
}
