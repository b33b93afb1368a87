import { type GapCurve, medianGap } from './gap-summary.ts';
import { fourWeights } from './problems/four-weights.ts';
import { STORED_MEDIANS } from './stored-medians.ts';

/** From this candidate on the engine is to be no worse than Ax. */
const FROM = 15;

/** How many of the counts from 15 on that Ax was run for have a median gap above Ax's; of the four weights. */
export function trialsAboveAx(curves: readonly GapCurve[]): number {
  const { medians } = STORED_MEDIANS.find(({ problem }) => problem === fourWeights.name)!;
  const length = Math.min(...curves.map((curve) => curve.length));
  return [...medians].filter(([count, ax]) => {
    if (count < FROM || count > length) return false;
    return (medianGap(curves, count) ?? Infinity) > ax;
  }).length;
}
