import { expect } from 'chai';
import {
  type FirstFeasible,
  firstFeasible,
  logFirstFeasibleWorth,
} from '../../acquisition/feasible-improvement.ts';
import { randomStream } from '../../math/random.ts';

const FIRST: FirstFeasible = { meanObjective: 0.3, floor: 0.05 };
const STEP = 1e-6;
/** Central differences of a function of curvature about 1 in log units: STEP² and the rounding of 1e-16/STEP. */
const SLOPE_TOLERANCE = 1e-6;

function worth(mean: number, variance: number, first = FIRST, gradient = new Float64Array(2)): number {
  return logFirstFeasibleWorth(mean, variance, first, gradient);
}

describe('the worth of a first feasible point', () => {
  it('is the log of the mean gain plus the floor, within 4.5 standard errors of samples', () => {
    const random = randomStream(3, 'worth');
    const draws = 200_000;
    for (const [mean, stddev] of [
      [0.5, 0.2],
      [0.3, 1],
      [-0.4, 0.5],
    ] as const) {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < draws; i++) {
        const gain = Math.max(0, mean + stddev * random.normal() - FIRST.meanObjective);
        sum += gain;
        squares += gain * gain;
      }
      const average = sum / draws;
      const standardError = Math.sqrt((squares / draws - average * average) / draws);
      const gain = Math.exp(worth(mean, stddev * stddev)) - FIRST.floor;
      expect(gain).to.be.closeTo(average, 4.5 * standardError);
    }
  });

  it('has the slopes of central differences', () => {
    const gradient = new Float64Array(2);
    for (const mean of [-3, -0.5, 0.3, 2]) {
      worth(mean, 0.4, FIRST, gradient);
      const inMean = (worth(mean + STEP, 0.4) - worth(mean - STEP, 0.4)) / (2 * STEP);
      const inVariance = (worth(mean, 0.4 + STEP) - worth(mean, 0.4 - STEP)) / (2 * STEP);
      expect(gradient[0]).to.be.closeTo(inMean, SLOPE_TOLERANCE);
      expect(gradient[1]).to.be.closeTo(inVariance, SLOPE_TOLERANCE);
    }
  });

  it('never falls below the floor, a million standard deviations away either, where it is flat', () => {
    const gradient = new Float64Array(2);
    for (const mean of [-1e6, -1e3, -40]) {
      expect(worth(mean, 1, FIRST, gradient)).to.be.closeTo(Math.log(FIRST.floor), 1e-12);
      expect([...gradient]).to.deep.equal([0, 0]);
    }
    expect(worth(1e6, 1, FIRST, gradient)).to.be.closeTo(Math.log(1e6 - 0.3 + 0.05), 1e-12);
  });

  it('is counted from the mean of the objectives, with a floor in their spread', () => {
    expect(firstFeasible(Float64Array.of(1, 2, 3))).to.deep.equal({ meanObjective: 2, floor: 0.05 });
    expect(firstFeasible(Float64Array.of(7))).to.deep.equal({ meanObjective: 7, floor: 0.05 });
    expect(firstFeasible(Float64Array.of(2, 2))).to.deep.equal({ meanObjective: 2, floor: 0.05 });
    expect(() => firstFeasible(new Float64Array(0))).to.throw(RangeError);
  });
});
