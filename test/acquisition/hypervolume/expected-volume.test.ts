import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  type BoxDecomposition,
  decomposeNonDominated,
} from '../../../acquisition/hypervolume/box-decomposition.ts';
import type { Outcome } from '../../../acquisition/hypervolume/dominance.ts';
import {
  logExpectedVolume,
  type VolumeMoments,
  volumeMoments,
} from '../../../acquisition/hypervolume/expected-volume.ts';
import { hypervolume } from '../../../acquisition/hypervolume/hypervolume.ts';
import { randomStream } from '../../../math/random.ts';

const FRONTS: readonly (readonly Outcome[])[] = [
  [[0.4]],
  [
    [0.1, 0.9],
    [0.5, 0.6],
    [0.8, 0.2],
  ],
  [
    [0.1, 0.9, 0.5],
    [0.5, 0.6, 0.3],
    [0.8, 0.2, 0.6],
    [0.3, 0.3, 0.9],
  ],
  [
    [0.1, 0.9, 0.5, 0.2],
    [0.5, 0.6, 0.3, 0.4],
    [0.8, 0.2, 0.6, 0.3],
    [0.3, 0.3, 0.9, 0.1],
    [0.2, 0.4, 0.4, 0.8],
  ],
];

function evaluated(
  region: BoxDecomposition,
  means: Outcome,
  stddevs: Outcome,
): VolumeMoments & { value: number } {
  const at = volumeMoments([region], means.length);
  at.means.set(means);
  at.stddevs.set(stddevs);
  return { value: logExpectedVolume(region, at), ...at };
}

function slopeAt(step: number, moved: (by: number) => number): number {
  return (moved(step) - moved(-step)) / (2 * step);
}

/** Of the value in the means, then in the logs of the standard deviations. */
function differences(region: BoxDecomposition, means: Outcome, stddevs: Outcome): readonly number[] {
  return [
    ...means.map((mean, i) =>
      slopeAt(1e-5 * stddevs[i]!, (by) => evaluated(region, means.with(i, mean + by), stddevs).value),
    ),
    ...stddevs.map((stddev, i) =>
      slopeAt(1e-5, (by) => evaluated(region, means, stddevs.with(i, stddev * Math.exp(by))).value),
    ),
  ];
}

describe('logExpectedVolume', () => {
  for (const front of FRONTS) {
    const m = front[0]!.length;
    const reference = front[0]!.map(() => 0);
    const region = decomposeNonDominated(front, reference);

    it(`agrees with samples of the hypervolume within 4.5 standard errors: ${m} objectives`, () => {
      const random = randomStream(5, 'volume', m);
      const draws = 10_000;
      const before = hypervolume(front, reference);
      for (const centre of [0.2, 0.5, 1.1]) {
        const means = reference.map((_, i) => centre + 0.05 * i);
        const stddevs = reference.map((_, i) => 0.2 + 0.05 * i);
        let sum = 0;
        let squares = 0;
        for (let s = 0; s < draws; s++) {
          const point = means.map((mean, i) => mean + stddevs[i]! * random.normal());
          const gain = hypervolume([...front, point], reference) - before;
          sum += gain;
          squares += gain ** 2;
        }
        const error = Math.sqrt((squares / draws - (sum / draws) ** 2) / draws);
        const { value } = evaluated(region, means, stddevs);
        expect(Math.abs(Math.exp(value) - sum / draws)).to.be.below(4.5 * error);
      }
    });

    it(`has the slopes that differences give, far from the front as well: ${m} objectives`, () => {
      const coordinate = fc.oneof(
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.double({ min: -300, max: 300, noNaN: true }),
      );
      const spread = fc.double({ min: 0.05, max: 2, noNaN: true });
      fc.assert(
        fc.property(
          fc.array(coordinate, { minLength: m, maxLength: m }),
          fc.array(spread, { minLength: m, maxLength: m }),
          (means, stddevs) => {
            const { value, meanSlopes, stddevSlopes } = evaluated(region, means, stddevs);
            expect(Number.isFinite(value)).to.equal(true);
            const slopes = [...meanSlopes, ...stddevSlopes];
            for (const [i, difference] of differences(region, means, stddevs).entries()) {
              // Four roundings of the value, over a step of 2e-5.
              const rounding = (5e-11 * Math.max(1, Math.abs(value))) / (i < m ? stddevs[i]! : 1);
              expect(slopes[i]).to.be.closeTo(difference, 1e-5 * Math.abs(difference) + rounding + 1e-6);
            }
          },
        ),
        { numRuns: 200 },
      );
    });
  }

  it('is to first order the distance in standard deviations to the nearest corner, when that is far', () => {
    const region = decomposeNonDominated(FRONTS[1]!, [0, 0]);
    for (const stddev of [1e-2, 1e-4, 1e-6]) {
      const { value, meanSlopes } = evaluated(region, [0.45, 0.55], [stddev, stddev]);
      // Dominated by (0.5, 0.6): the first objective needs 0.05, the second the same.
      expect(value / (-0.5 * (0.05 / stddev) ** 2)).to.be.closeTo(1, 1000 * stddev);
      expect((meanSlopes[0]! + meanSlopes[1]!) / (0.05 / stddev ** 2)).to.be.closeTo(1, 1000 * stddev);
    }
  });

  it('is the volume itself where the outcome is certain', () => {
    const region = decomposeNonDominated(FRONTS[2]!, [0, 0, 0]);
    const point = [0.6, 0.7, 0.7];
    const gain = hypervolume([...FRONTS[2]!, point], [0, 0, 0]) - hypervolume(FRONTS[2]!, [0, 0, 0]);
    expect(evaluated(region, point, [1e-9, 1e-9, 1e-9]).value).to.be.closeTo(Math.log(gain), 1e-7);
  });
});
