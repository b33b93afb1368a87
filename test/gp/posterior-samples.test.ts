import { expect } from 'chai';
import { fitHyperparameters } from '../../gp/fit.ts';
import { condition } from '../../gp/gaussian-process.ts';
import { orderedSamples, posteriorSamples } from '../../gp/posterior-samples.ts';
import { jointPosterior, type JointPosterior } from '../../gp/posterior.ts';
import { randomStream } from '../../math/random.ts';
import { trainingSet } from './training-set.ts';

const DRAWS = 20_000;

const data = trainingSet(15, 2);
const gp = condition(data, fitHyperparameters(data, { starts: 1 }));
const at = (seed: number, m: number): JointPosterior => jointPosterior(gp, trainingSet(m, 2, { seed }).X);

describe('posteriorSamples', () => {
  it('have the mean and covariance of the joint posterior, within 4.5 standard errors', () => {
    const posterior = at(7, 5);
    expectMoments(posteriorSamples(posterior, DRAWS, randomStream(1, 'posterior-samples')), posterior);
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
});

describe('orderedSamples', () => {
  it('have the mean and covariance of the joint posterior, within 4.5 standard errors', () => {
    const posterior = at(7, 5);
    expectMoments(orderedSamples(posterior, normals(5 * DRAWS, 5)), posterior);
  });

  it('give a point the normals up to its own, so that points after it change nothing', () => {
    const { X } = trainingSet(5, 2, { seed: 8 });
    const five = normals(5 * 3, 6);
    const two = Float64Array.from({ length: 2 * 3 }, (_, at) => five[Math.floor(at / 2) * 5 + (at % 2)]!);
    const all = orderedSamples(jointPosterior(gp, X), five);
    const first = orderedSamples(jointPosterior(gp, X.slice(0, 4)), two);
    for (let s = 0; s < 3; s++) {
      for (let i = 0; i < 2; i++) expect(all[s * 5 + i]!).to.be.closeTo(first[s * 2 + i]!, 1e-12);
    }
  });

  it('refuse normals that are no whole number of draws', () => {
    expect(() => orderedSamples(at(9, 3), new Float64Array(7))).to.throw(RangeError, '7');
    expect(orderedSamples(at(9, 0), new Float64Array(0))).to.have.length(0);
  });
});

/** The samples' first two moments are those of the posterior. */
function expectMoments(samples: Float64Array, { mean: means, covariance }: JointPosterior): void {
  const m = means.length;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let mean = 0;
      let product = 0;
      for (let draw = 0; draw < DRAWS; draw++) {
        const a = samples[draw * m + i]! - means[i]!;
        const b = samples[draw * m + j]! - means[j]!;
        mean += a / DRAWS;
        product += (a * b) / DRAWS;
      }
      const [vi, vj, c] = [i * m + i, j * m + j, i * m + j].map((entry) => covariance[entry]!);
      expect(mean).to.be.closeTo(0, 4.5 * Math.sqrt(vi! / DRAWS));
      expect(product).to.be.closeTo(c!, 4.5 * Math.sqrt((vi! * vj! + c! * c!) / DRAWS));
    }
  }
}

function normals(count: number, seed: number): Float64Array {
  const random = randomStream(seed, 'ordered-samples');
  return Float64Array.from({ length: count }, () => random.normal());
}
