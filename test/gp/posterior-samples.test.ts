import { expect } from 'chai';
import { fitHyperparameters } from '../../gp/fit.ts';
import { condition } from '../../gp/gaussian-process.ts';
import { covarianceRoot, posteriorSamples, samplesFromNormals } from '../../gp/posterior-samples.ts';
import { jointPosterior, type JointPosterior } from '../../gp/posterior.ts';
import { randomStream } from '../../math/random.ts';
import { trainingSet } from './training-set.ts';

const DRAWS = 20_000;

const data = trainingSet(15, 2);
const gp = condition(data, fitHyperparameters(data, { starts: 1 }));
const at = (seed: number, m: number): JointPosterior => jointPosterior(gp, trainingSet(m, 2, { seed }).X);

describe('posteriorSamples', () => {
  it('have the mean and covariance of the joint posterior, within 4.5 standard errors', () => {
    const m = 5;
    const posterior = at(7, m);
    const samples = posteriorSamples(posterior, DRAWS, randomStream(1, 'posterior-samples'));
    for (let i = 0; i < m; i++) {
      for (let j = 0; j <= i; j++) {
        let mean = 0;
        let product = 0;
        for (let draw = 0; draw < DRAWS; draw++) {
          const a = samples[draw * m + i]! - posterior.mean[i]!;
          const b = samples[draw * m + j]! - posterior.mean[j]!;
          mean += a / DRAWS;
          product += (a * b) / DRAWS;
        }
        const [vi, vj, c] = [i * m + i, j * m + j, i * m + j].map((entry) => posterior.covariance[entry]!);
        expect(mean).to.be.closeTo(0, 4.5 * Math.sqrt(vi! / DRAWS));
        expect(product).to.be.closeTo(c!, 4.5 * Math.sqrt((vi! * vj! + c! * c!) / DRAWS));
      }
    }
  });

  it('repeat for the same stream, and begin alike however many are drawn', () => {
    const posterior = at(8, 4);
    const draw = (count: number): Float64Array =>
      posteriorSamples(posterior, count, randomStream(2, 'draws'));
    expect(draw(6).subarray(0, 12)).to.deep.equal(draw(3));
  });

  it('agree at repeated points, and with exact observations', () => {
    const exact = trainingSet(12, 2, { noise: { kind: 'none' }, noiseStddev: 0 });
    const process = condition(exact, fitHyperparameters(exact, { starts: 1 }));
    const X = Float64Array.of(...exact.X, 0.3, 0.6, 0.3, 0.6);
    const samples = posteriorSamples(jointPosterior(process, X), 50, randomStream(3, 'exact'));
    const { stddev } = process.standardization;
    for (let draw = 0; draw < 50; draw++) {
      // An exact observation has the noise stddev 1e-4, standardised.
      for (let i = 0; i < 12; i++) {
        expect(samples[draw * 14 + i]!).to.be.closeTo(exact.y[i]!, 5e-4 * stddev);
      }
      expect(samples[draw * 14 + 12]!).to.be.closeTo(samples[draw * 14 + 13]!, 1e-6 * stddev);
    }
  });

  it('refuse normals that are no whole number of draws', () => {
    expect(() => samplesFromNormals(at(9, 3), new Float64Array(7))).to.throw(RangeError, '7');
  });
});

describe('covarianceRoot', () => {
  it('multiplies back to a covariance, singular or not', () => {
    const random = randomStream(4, 'root');
    for (const rank of [1, 3, 6]) {
      const m = 6;
      const F = Float64Array.from({ length: m * rank }, () => random.normal());
      const C = product(F, m, rank);
      const back = product(covarianceRoot(C, m), m, m);
      C.forEach((entry, k) => expect(back[k]!).to.be.closeTo(entry, 1e-12));
    }
  });

  it('keeps the variances of a matrix that rounding has made indefinite', () => {
    const C = Float64Array.of(1, 1 + 1e-9, 0.5, 1 + 1e-9, 1, 0.5, 0.5, 0.5, 1e-30);
    const back = product(covarianceRoot(C, 3), 3, 3);
    [1, 1, 1e-30].forEach((variance, i) => expect(back[i * 4]!).to.be.closeTo(variance, 1e-14));
    expect(covarianceRoot(new Float64Array(4), 2)).to.deep.equal(new Float64Array(4));
  });
});

/** FFᵀ, F m×rank. */
function product(F: Float64Array, m: number, rank: number): Float64Array {
  return Float64Array.from({ length: m * m }, (_, entry) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += F[Math.floor(entry / m) * rank + k]! * F[(entry % m) * rank + k]!;
    return sum;
  });
}
