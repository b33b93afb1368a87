import type { Selection } from '../selection.ts';

/** Sums over the requests with a row that counts, each weighed w_r, by place k from 1 to K; K + 1 values each. */
export interface PlaceSums {
  /** G_k = Σ w_r ω_i g_i over the rows i that were logged at place k and count. */
  readonly gain: Float64Array;
  /** M_k = Σ w_r ω_i. */
  readonly matched: Float64Array;
  /** Q_k = Σ (w_r ω_i)². */
  readonly squared: Float64Array;
  /** C_k = Σ w_r: the weight of the requests whose row at place k counts. */
  readonly shown: Float64Array;
  /** U_k = Σ w_r over the rows at place k without a label. */
  readonly unlabelled: Float64Array;
  /** W = Σ w_r over all of these requests. */
  readonly total: number;
}

/**
 * Adds up by place what counterfactual estimates are made of.
 *
 * `weights` from `writeMatchWeights`; `gain` n; `position` n; `places` K.
 */
export function placeSums(
  { requestOffsets, label, requestWeight, counted }: Selection,
  position: Int32Array,
  weights: Float64Array,
  gain: Int8Array | Float64Array,
  places: number,
): PlaceSums {
  const [gains, matched, squared, shown, unlabelled] = Array.from(
    { length: 5 },
    () => new Float64Array(places + 1),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  let total = 0;
  for (let r = 0; r < counted.length; r++) {
    if (counted[r] === 0) continue;
    const w = requestWeight === undefined ? 1 : requestWeight[r]!;
    total += w;
    for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
      const k = position[i]!;
      if (k > places) continue;
      if (label[i]! < 0) {
        unlabelled[k]! += w;
        continue;
      }
      shown[k]! += w;
      const weight = w * weights[i]!;
      if (weight === 0) continue;
      matched[k]! += weight;
      squared[k]! += weight * weight;
      gains[k]! += weight * gain[i]!;
    }
  }
  return { gain: gains, matched, squared, shown, unlabelled, total };
}
