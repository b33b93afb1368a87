import { orderedSamples } from '../../../gp/posterior-samples.ts';
import type { Random } from '../../../math/random.ts';
import { jointLifts } from './joint-lifts.ts';
import { shuffled } from './shuffled.ts';
import type { TransferModel } from './transfer-model.ts';

/**
 * Draws of a metric's lifts over the baseline at m points, over ρ too: m(x)/m(x_b) − 1.
 *
 * Each component gives as many draws as its weight asks for, by systematic sampling, in random order.
 * `X` m×d row-major in the unit cube; `count`×m row-major. Throws RangeError on a wrong length, NotPositiveDefiniteError.
 */
export function sampleLifts(
  { components }: Pick<TransferModel, 'components'>,
  X: Float64Array,
  count: number,
  random: Random,
): Float64Array {
  const m = X.length / components[0]!.process.dimension;
  const order = shuffled(count, random);
  const lifts = new Float64Array(count * m);
  let drawn = 0;
  let reached = random.uniform();
  components.forEach(({ weight, process }, g) => {
    reached += weight * count;
    // Weights add up to 1 but for rounding.
    const upTo = g === components.length - 1 ? count : Math.min(count, Math.floor(reached));
    const share = upTo - drawn;
    if (share <= 0) return;
    const normals = Float64Array.from({ length: share * m }, () => random.normal());
    const samples = orderedSamples(jointLifts(process, X), normals);
    for (let s = 0; s < share; s++) {
      const row = order[drawn + s]! * m;
      for (let i = 0; i < m; i++) lifts[row + i] = Math.expm1(samples[s * m + i]!);
    }
    drawn += share;
  });
  return lifts;
}
