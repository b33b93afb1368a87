import { type GapCurve, medianGap } from './gap-summary.ts';
import { fourWeights } from '../problems/four-weights.ts';
import { STORED_MEDIANS } from './stored-medians.ts';

/** From this candidate on the engine is to be no worse than Ax. */
const FROM = 15;

/**
 * How many of the counts from 15 on have a median gap above Ax's; of the four weights. Undefined where runs are shorter than
 * those of Ax.
 */
export function trialsAboveAx(curves: readonly GapCurve[]): number | undefined {
  const { medians } = STORED_MEDIANS.find(({ problem }) => problem === fourWeights.name)!;
  const last = Math.max(...medians.keys());
  if (curves.some(({ length }) => length < last)) return undefined;
  return [...medians].filter(([count, ax]) => count >= FROM && (medianGap(curves, count) ?? Infinity) > ax)
    .length;
}
