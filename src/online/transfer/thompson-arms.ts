import { type LiftGuardrail, type LiftSamples, meetsGuardrails } from './lift-guardrail.ts';

/**
 * The arms of the next round by Thompson sampling: draw after draw, the candidate that is the best feasible one of it.
 *
 * argmax_i f_s(x_i) over feasible candidates i, for s = 1, 2, …; a draw whose best was chosen already, or that has none, is passed over.
 * `objective` is the index of the metric to maximise; points before `tested` are arms that were run and are not chosen. Returns up to
 * `count` points, fewer where the draws name no more.
 * Source: Thompson 1933; Kandasamy et al. 2018, arXiv:1705.09236 (batches).
 */
export function thompsonArms(
  samples: LiftSamples,
  objective: number,
  guardrails: readonly LiftGuardrail[],
  tested: number,
  count: number,
): readonly number[] {
  const { count: draws, points, metrics } = samples;
  const chosen: number[] = [];
  for (let s = 0; s < draws && chosen.length < count; s++) {
    let best = -1;
    for (let i = tested; i < points; i++) {
      const worth = metrics[objective]![s * points + i]!;
      if (best >= 0 && !(worth > metrics[objective]![s * points + best]!)) continue;
      if (meetsGuardrails(samples, guardrails, s, i)) best = i;
    }
    if (best >= 0 && !chosen.includes(best)) chosen.push(best);
  }
  return chosen;
}
