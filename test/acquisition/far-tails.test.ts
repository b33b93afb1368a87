import { expect } from 'chai';
import { logConstrainedExpectedImprovement } from '../../acquisition/constrained-expected-improvement.ts';
import { logProbabilityOfFeasibility } from '../../acquisition/feasibility.ts';
import { logFirstFeasibleWorth } from '../../acquisition/feasible-improvement.ts';
import { decomposeNonDominated } from '../../acquisition/hypervolume/box-decomposition.ts';
import { sampledHypervolumeImprovement } from '../../acquisition/hypervolume/sampled-hypervolume-improvement.ts';
import { logExpectedImprovement } from '../../acquisition/log-expected-improvement.ts';
import { sampledImprovement } from '../../acquisition/sampled-improvement.ts';
import type { SampledCriterion, SampledMoments } from '../../acquisition/sampled-moments.ts';

/** Margins in standard deviations, from hopeless to certain, with both sides of every change of form. */
const MARGINS = [
  -1e8,
  -1e6 - 1,
  -1e6,
  -1e6 + 1,
  -1e5,
  -1e3,
  -100.5,
  -100,
  -99.5,
  -40,
  -8,
  -1.01,
  -1,
  -0.99,
  0,
  1,
  8,
  40,
  1e3,
  1e6,
];
/** Of a point, in the metrics' units²; so far out that the units must not matter, from tiny to huge. */
const STDDEVS = [1e-12, 1, 1e12];
/** log h and log Φ less their first terms are −3/u² and −1/u². */
const SERIES_TERM = 4;
/** Rounding of u²/2 and of sums as large, relative. */
const ROUNDING = 4 * Number.EPSILON;
/** Of a slope, 3/u² at u = −1e4. */
const SLOPE_TOLERANCE = 1e-7;

interface Value {
  readonly value: number;
  /** In each mean, and in each variance. */
  readonly gradient: readonly number[];
}

/** A function of the margin u of an outcome, in standard deviations, of which everything else is fixed. */
type OfMargin = (u: number, stddev: number) => Value;

function logEi(u: number, stddev: number): Value {
  const gradient = new Float64Array(2);
  return { value: logExpectedImprovement(u * stddev, stddev ** 2, 0, gradient), gradient: [...gradient] };
}

function firstFeasible(u: number, stddev: number): Value {
  const gradient = new Float64Array(2);
  const worth = { meanObjective: 0, floor: 0.05 * stddev };
  return { value: logFirstFeasibleWorth(u * stddev, stddev ** 2, worth, gradient), gradient: [...gradient] };
}

function logFeasibility(u: number, stddev: number): Value {
  const [inMean, inVariance] = [new Float64Array(2), new Float64Array(2)];
  const value = logProbabilityOfFeasibility(
    [
      { bound: 0, relation: '>=' },
      { bound: 0, relation: '<=' },
    ],
    Float64Array.of(u * stddev, -u * stddev),
    new Float64Array(2).fill(stddev ** 2),
    inMean,
    inVariance,
  );
  return { value, gradient: [inMean[0]!, -inMean[1]!, ...inVariance] };
}

function logCei(u: number, stddev: number): Value {
  const [inMean, inVariance] = [new Float64Array(2), new Float64Array(2)];
  const value = logConstrainedExpectedImprovement(
    0,
    [{ bound: 0, relation: '>=' }],
    new Float64Array(2).fill(u * stddev),
    new Float64Array(2).fill(stddev ** 2),
    inMean,
    inVariance,
  );
  return { value, gradient: [...inMean, ...inVariance] };
}

/** A criterion over samples, every metric `u` standard deviations from 0 in each of them. */
function sampled(criterion: SampledCriterion, metrics: number, samples: number): OfMargin {
  return (u, stddev) => {
    const moments = Array.from({ length: metrics }, (): SampledMoments => ({
      means: Float64Array.from({ length: samples }, () => u * stddev),
      variance: stddev ** 2,
    }));
    const slopes = moments.map(() => ({ means: new Float64Array(samples), variance: 0 }));
    const value = criterion(moments, slopes);
    const inMeans = slopes.map(({ means }) => means.reduce((sum, each) => sum + each, 0));
    return { value, gradient: [...inMeans, ...slopes.map(({ variance }) => variance)] };
  };
}

const SAMPLES = 4;
const guardrail = { metric: 1, sign: 1, bounds: new Float64Array(SAMPLES) } as const;
const noisyLogEi = sampled(
  sampledImprovement({
    objective: { metric: 0, sign: 1 },
    guardrails: [guardrail],
    best: new Float64Array(SAMPLES),
    firstFeasible: { meanObjective: 0, floor: 1 },
  }),
  2,
  SAMPLES,
);
/** Over the reference alone: the volume that is gained is the product of both improvements. */
const region = decomposeNonDominated([], [0, 0]);
const hypervolume = sampled(
  sampledHypervolumeImprovement({
    objectives: [0, 1].map((metric) => ({ metric, sign: 1 })),
    guardrails: [{ ...guardrail, metric: 2 }],
    regions: Array.from({ length: SAMPLES }, () => region),
    logFirstFeasible: 0,
  }),
  3,
  SAMPLES,
);

/** Each with how many improvements and how many probabilities it multiplies. */
const CRITERIA: readonly (readonly [string, OfMargin, number, number])[] = [
  ['log expected improvement', logEi, 1, 0],
  ['log probability of feasibility', logFeasibility, 0, 2],
  ['log constrained expected improvement', logCei, 1, 1],
  ['noisy log expected improvement', noisyLogEi, 1, 1],
  ['log expected hypervolume improvement', hypervolume, 2, 1],
];

describe('far from any improvement or feasibility', () => {
  for (const [name, criterion, improvements, probabilities] of CRITERIA) {
    it(`the ${name} is finite and growing, with a finite gradient`, () => {
      for (const stddev of STDDEVS) {
        let previous = -Infinity;
        for (const u of MARGINS) {
          const { value, gradient } = criterion(u, stddev);
          const at = `at u = ${u}, stddev = ${stddev}`;
          expect(Number.isFinite(value), `${value} ${at}`).to.equal(true);
          expect(gradient.every(Number.isFinite), `${gradient.join()} ${at}`).to.equal(true);
          if (u <= 8) expect(value, at).to.be.greaterThan(previous);
          else expect(value, at).to.be.at.least(previous);
          previous = value;
        }
      }
    });

    it(`the ${name} follows φ(u)/u² for an improvement and φ(u)/|u| for a probability`, () => {
      for (const u of [-1e4, -1e5, -0.99e6, -1e6, -1.01e6, -3e6, -1e7, -1e8]) {
        const { value, gradient } = criterion(u, 1);
        const logPdf = -0.5 * u * u - 0.5 * Math.log(2 * Math.PI);
        const expected = improvements * (logPdf - 2 * Math.log(-u)) + probabilities * (logPdf - Math.log(-u));
        const factors = improvements + probabilities;
        expect(value).to.be.closeTo(expected, factors * (SERIES_TERM / (u * u) + ROUNDING * u * u));
        const half = gradient.length / 2;
        for (const each of gradient.slice(0, half)) expect(each / -u).to.be.closeTo(1, SLOPE_TOLERANCE);
        for (const each of gradient.slice(half)) {
          expect(each / (0.5 * u * u)).to.be.closeTo(1, SLOPE_TOLERANCE);
        }
      }
    });
  }

  it('the worth of a first feasible point is its floor, and grows', () => {
    for (const stddev of STDDEVS) {
      let previous = -Infinity;
      for (const u of MARGINS) {
        const { value, gradient } = firstFeasible(u, stddev);
        expect(value).to.be.at.least(previous);
        expect(gradient.every(Number.isFinite)).to.equal(true);
        previous = value;
      }
      expect(firstFeasible(-1e6, stddev).value).to.equal(Math.log(0.05 * stddev));
    }
  });
});
