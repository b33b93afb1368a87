import { expect } from 'chai';
import { fitHyperparameters } from '../../gp/fit.ts';
import { condition, type GaussianProcess } from '../../gp/gaussian-process.ts';
import {
  baselineDifference,
  checkCombination,
  combinedMean,
  combinedValues,
  combinedVariance,
  gradientMoments,
  partAlone,
  predictDifference,
  type GradientMoments,
} from '../../gp/linear-combination.ts';
import { jointPosterior, predict } from '../../gp/posterior.ts';
import { posteriorSamples } from '../../gp/posterior-samples.ts';
import { randomStream } from '../../math/random.ts';
import { rescaled, trainingSet } from './training-set.ts';

const DIMENSION = 3;
const STEP = 1e-5;
/** Central differences of step 1e-5 on numbers of size 1. */
const SLOPE_TOLERANCE = 1e-6;
const DRAWS = 20_000;
/** 1 in 150,000 a check. */
const STANDARD_ERRORS = 4.5;
const FACTOR = 0.9;

const processOf = (seed: number, scale: number, kernel: 'matern52' | 'rbf' = 'matern52'): GaussianProcess => {
  const data = rescaled(trainingSet(14, DIMENSION, { seed }), scale, 2 * scale);
  return condition(data, fitHyperparameters(data, { starts: 1, kernel }));
};
const processes = [processOf(1, 1), processOf(2, 3, 'rbf'), processOf(3, 0.5)];
const probes = Array.from({ length: 6 }, (_, i) => trainingSet(1, DIMENSION, { seed: 50 + i }).X);

/** The mean and variance of normal draws have the standard errors √(v/n) and v√(2/n). */
function expectMoments(drawn: Float64Array, { mean, variance }: GradientMoments): void {
  const n = drawn.length;
  const average = drawn.reduce((sum, value) => sum + value, 0) / n;
  const spread = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  expect(average).to.be.closeTo(mean, STANDARD_ERRORS * Math.sqrt(variance / n));
  expect(spread).to.be.closeTo(variance, STANDARD_ERRORS * variance * Math.sqrt(2 / n));
}

function expectSlopes(predictAt: (x: Float64Array, out: GradientMoments) => void, x: Float64Array): void {
  const here = gradientMoments(DIMENSION);
  const low = gradientMoments(DIMENSION);
  const high = gradientMoments(DIMENSION);
  predictAt(x, here);
  for (let k = 0; k < DIMENSION; k++) {
    predictAt(x.with(k, x[k]! - STEP), low);
    predictAt(x.with(k, x[k]! + STEP), high);
    expect(here.meanGradient[k]!).to.be.closeTo((high.mean - low.mean) / (2 * STEP), SLOPE_TOLERANCE);
    const slope = (high.variance - low.variance) / (2 * STEP);
    expect(here.varianceGradient[k]!).to.be.closeTo(slope, SLOPE_TOLERANCE);
  }
}

describe('a linear combination', () => {
  const combination = {
    terms: [
      { part: 0, coefficient: 0.7 },
      { part: 2, coefficient: -2 },
      { part: 1, coefficient: 0.4 },
    ],
    constant: 3,
  };

  it('has the moments of samples of the processes, within 4.5 standard errors', () => {
    const out = gradientMoments(DIMENSION);
    const random = randomStream(1, 'linear-combination');
    for (const x of probes) {
      const drawn = processes.map((process) => posteriorSamples(jointPosterior(process, x), DRAWS, random));
      const moments = processes.map((process) => predict(process, x));
      out.mean = combinedMean(
        combination,
        moments.map(({ mean }) => mean),
      );
      out.variance = combinedVariance(
        combination,
        moments.map(({ variance }) => variance),
      );
      expectMoments(combinedValues(combination, drawn), out);
    }
  });

  it('is Σ a_k f_k + c of each column', () => {
    const rows = [Float64Array.of(1, 2), Float64Array.of(10, 20), Float64Array.of(100, 200)];
    const expected = [3 + 0.7 - 200 + 4, 3 + 1.4 - 400 + 8];
    combinedValues(combination, rows).forEach((value, i) => {
      expect(value).to.be.closeTo(expected[i]!, 1e-12);
      expect(
        combinedMean(
          combination,
          rows.map((row) => row[i]!),
        ),
      ).to.equal(value);
    });
  });

  it('of one process alone is that process, to the bit', () => {
    const values = [0.1, -1 / 3, 1e300];
    for (const part of values.keys()) {
      expect(combinedMean(partAlone(part), values)).to.equal(values[part]);
      expect(combinedVariance(partAlone(part), values)).to.equal(values[part]);
    }
  });

  it('refuses no terms, numbers that are not finite, and a part that is none of the processes', () => {
    const term = { part: 0, coefficient: 1 };
    expect(() => checkCombination({ terms: [], constant: 0 }, 1)).to.throw(RangeError, '0 processes');
    expect(() => checkCombination({ terms: [term], constant: Infinity }, 1)).to.throw(RangeError, 'Infinity');
    expect(() => checkCombination({ terms: [{ ...term, coefficient: NaN }], constant: 0 }, 1)).to.throw(
      RangeError,
      'NaN',
    );
    expect(() => checkCombination({ terms: [{ ...term, part: 1 }], constant: 0 }, 1)).to.throw(
      RangeError,
      'part 1 is none of 1',
    );
    expect(() => checkCombination(partAlone(0), 1)).not.to.throw();
  });
});

describe('predictDifference', () => {
  const baseline = Float64Array.of(0.4, 0.5, 0.2);

  it('has the moments of samples of both points together, within 4.5 standard errors', () => {
    const out = gradientMoments(DIMENSION);
    const random = randomStream(2, 'baseline-difference');
    const [process] = processes;
    for (const x of probes) {
      const both = jointPosterior(process!, Float64Array.of(...x, ...baseline));
      const drawn = posteriorSamples(both, DRAWS, random);
      predictDifference(baselineDifference(process!, FACTOR, baseline), x, out);
      expectMoments(
        Float64Array.from({ length: DRAWS }, (_, s) => drawn[2 * s]! - FACTOR * drawn[2 * s + 1]!),
        out,
      );
    }
  });

  it('is f(x) − c·f(x_b) of the joint posterior', () => {
    const out = gradientMoments(DIMENSION);
    for (const process of processes) {
      for (const c of [1, 0.9, 0, -0.5]) {
        const difference = baselineDifference(process, c, baseline);
        for (const x of probes) {
          predictDifference(difference, x, out);
          const { mean, covariance } = jointPosterior(process, Float64Array.of(...x, ...baseline));
          const variance = covariance[0]! + c * c * covariance[3]! - 2 * c * covariance[1]!;
          expect(out.mean).to.be.closeTo(mean[0]! - c * mean[1]!, 1e-11);
          expect(out.variance).to.be.closeTo(variance, 1e-11);
        }
      }
    }
  });

  it('has the gradients that central differences give', () => {
    for (const process of processes) {
      const difference = baselineDifference(process, 0.9, baseline);
      for (const x of probes) expectSlopes((at, out) => predictDifference(difference, at, out), x);
    }
  });

  it('vanishes at the baseline itself for c = 1, but for the floor of its variance, and keeps its digits near it', () => {
    const [process] = processes;
    const difference = baselineDifference(process!, 1, baseline);
    const out = gradientMoments(DIMENSION);
    predictDifference(difference, baseline, out);
    expect(out.mean).to.be.closeTo(0, 1e-13);
    expect(out.variance).to.be.within(1e-16, 1e-9);
    for (const value of out.varianceGradient) expect(value).to.equal(0);
    // Along a line, the variance of a differentiable process's difference grows as the square of the distance.
    const varianceAt = (step: number): number => {
      predictDifference(difference, baseline.with(0, baseline[0]! + step), out);
      return out.variance;
    };
    expect(varianceAt(1e-3) / varianceAt(5e-4)).to.be.closeTo(4, 0.05);
  });

  it('refuses a factor that is not finite, and points of another dimension', () => {
    const [process] = processes;
    expect(() => baselineDifference(process!, NaN, baseline)).to.throw(RangeError, 'NaN');
    expect(() => baselineDifference(process!, 1, new Float64Array(2))).to.throw(RangeError, '2');
    const difference = baselineDifference(process!, 1, baseline);
    const out = gradientMoments(DIMENSION);
    expect(() => predictDifference(difference, new Float64Array(4), out)).to.throw(RangeError, '4');
  });
});
