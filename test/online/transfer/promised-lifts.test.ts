import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { jointLifts } from '../../../src/online/transfer/joint-lifts.ts';
import { promisedLifts } from '../../../src/online/transfer/promised-lifts.ts';
import { sampleLifts } from '../../../src/online/transfer/sample-lifts.ts';
import { drawWorld } from '../../gp/coregionalization/world.ts';

const DIMENSION = 2;
const LOG_POINTS = 30;
/** Standard deviation of both functions, as lifts. */
const SCALE = 0.05;

/** A log and the true online function at its first inputs, of which the first is the baseline; ρ in the middle of the prior. */
function synthetic(seed: number, correlation: number) {
  const random = randomStream(seed, 'promised-lifts');
  const { X, y } = drawWorld(
    {
      dimension: DIMENSION,
      lengthscale: 0.4,
      sharedInputs: true,
      noiseVariance: 1e-6,
      counts: [LOG_POINTS, 2],
      correlation,
    },
    random,
  );
  return {
    log: {
      X: X.slice(0, DIMENSION * LOG_POINTS),
      y: y.slice(0, LOG_POINTS).map((value) => 0.3 * Math.exp(SCALE * value)),
    },
    baseline: X.slice(0, DIMENSION),
    point: X.slice(DIMENSION, 2 * DIMENSION),
    lift: Math.expm1(SCALE * (y[LOG_POINTS + 1]! - y[LOG_POINTS]!)),
  };
}

/** 1 − ρ² of a world: log-uniform, as the prior has it. */
const unexplained = (seed: number): number =>
  0.004 * 100 ** randomStream(seed, 'promised-lifts', 'correlation').uniform();

describe('promisedLifts', () => {
  it('covers the truth where ρ is as the prior has it', () => {
    const worlds = 60;
    let covered = 0;
    for (let seed = 0; seed < worlds; seed++) {
      const { log, baseline, point, lift } = synthetic(seed, Math.sqrt(1 - unexplained(seed)));
      const model = promisedLifts('saves', log, baseline);
      const draws = sampleLifts(model, point, 1000, randomStream(seed, 'draws')).toSorted();
      if (draws[50]! <= lift && lift <= draws[949]!) covered++;
    }
    // Of 90 % intervals; fewer than 45 or all 60 have a probability of 0.3 % together.
    expect(covered).to.be.within(45, 59);
  }).timeout(120_000);

  it('has ρ times the lifts that the log has, and loses ρ² of the variance that the log takes away', () => {
    const { log, baseline } = synthetic(2, 0.9);
    const { components } = promisedLifts('saves', log, baseline);
    const { kernel, lengthscales, scales } = components[0]!.process.parameters;
    // At inputs of the log, whose values tell what it has there.
    const posteriors = components.map(({ process }) => jointLifts(process, log.X));
    const rho = components.map(({ process }) => process.parameters.correlation);
    for (let i = 1; i < LOG_POINTS; i++) {
      const own = Math.log(log.y[i]! / log.y[0]!);
      const squared = lengthscales.reduce(
        (sum, lengthscale, k) => sum + ((log.X[DIMENSION * i + k]! - baseline[k]!) / lengthscale) ** 2,
        0,
      );
      const prior = 2 * scales[1] ** 2 * (1 - kernel.value(squared));
      const variances = posteriors.map(({ covariance }) => covariance[i * (LOG_POINTS + 1)]!);
      const taken = (prior - variances[0]!) / rho[0]! ** 2;
      components.forEach((_, c) => {
        // The nugget smooths by less than a tenth of the function's deviation.
        expect(posteriors[c]!.mean[i]! / rho[c]!).to.be.closeTo(own, 0.1 * scales[1]);
        expect(variances[c]! / prior).to.be.closeTo(1 - (rho[c]! ** 2 * taken) / prior, 1e-6);
      });
    }
    expect(rho[0]).to.be.closeTo(Math.sqrt(1 - 0.004 * 100 ** (1 / 12)), 1e-12);
    expect(rho[5]).to.be.closeTo(Math.sqrt(1 - 0.004 * 100 ** (11 / 12)), 1e-12);
  });

  it('has a lift of 0 at the baseline and refuses a log that is not positive', () => {
    const { log, baseline } = synthetic(4, 0.9);
    const { components } = promisedLifts('saves', log, baseline);
    for (const { process } of components) {
      const { mean, covariance } = jointLifts(process, baseline);
      expect(mean[0]).to.be.closeTo(0, 1e-12);
      expect(covariance[0]).to.be.below(1e-9);
    }
    const y = log.y.with(3, 0);
    expect(() => promisedLifts('saves', { ...log, y }, baseline)).to.throw('metric saves of the log is 0');
  });
});
