import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  correlationChain,
  correlationFactor,
  correlationMatrix,
  correlationParameterCount,
  correlationParameters,
} from '../../../gp/coregionalization/correlation-matrix.ts';
import { logLkjConstant, logLkjDensity, taskScalePrior } from '../../../gp/coregionalization/prior.ts';
import { randomStream } from '../../../math/random.ts';
import { cholesky } from '../../../math/cholesky.ts';
import { logDeterminant } from '../../../math/triangular.ts';

const parameters = (T: number) => {
  const count = correlationParameterCount(T);
  return fc
    .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: count, maxLength: count })
    .map((theta) => Float64Array.from(theta));
};
function correlationOf(theta: Float64Array, T: number): { L: Float64Array; R: Float64Array } {
  const L = new Float64Array(T * T);
  const R = new Float64Array(T * T);
  correlationFactor(theta, T, L);
  correlationMatrix(L, T, R);
  return { L, R };
}

describe('correlationMatrix', () => {
  it('is tanh θ for two tasks', () => {
    expect(Array.from(correlationOf(Float64Array.of(-0.9), 2).R)).to.deep.equal([
      1,
      Math.tanh(-0.9),
      Math.tanh(-0.9),
      1,
    ]);
  });

  it('is positive definite with unit diagonal from any parameters, and gives them back', () => {
    for (const T of [2, 3, 5]) {
      fc.assert(
        fc.property(parameters(T), (theta) => {
          const { L, R } = correlationOf(theta, T);
          for (let i = 0; i < T; i++) {
            let length = 0;
            for (let j = 0; j < T; j++) length += L[i * T + j]! ** 2;
            expect(length).to.be.closeTo(1, 1e-13);
            expect(L[i * T + i]!).to.be.greaterThan(0);
            for (let j = 0; j < T; j++) expect(Math.abs(R[i * T + j]!)).to.be.at.most(1 + 1e-15);
          }
          expect(logDeterminant(cholesky(R, T).factor, T)).to.be.closeTo(logDeterminant(L, T), 1e-4);
        }),
        { numRuns: 50 },
      );
    }
    const theta = Float64Array.of(0.3, -0.8, 1.2, 0, 0.5, -0.4);
    correlationParameters(correlationOf(theta, 4).R, 4).forEach((value, k) => {
      expect(value).to.be.closeTo(theta[k]!, 1e-12);
    });
  });

  it('has the chain rule that central differences give', () => {
    const T = 4;
    const random = randomStream(5, 'chain');
    const theta = Float64Array.from({ length: 6 }, () => random.normal());
    const inR = new Float64Array(T * T);
    for (let i = 0; i < T; i++) {
      for (let j = 0; j < i; j++) inR[i * T + j] = inR[j * T + i] = random.normal();
    }
    const functional = (at: Float64Array): number => {
      const { R } = correlationOf(at, T);
      return R.reduce((sum, r, k) => sum + 0.5 * r * inR[k]!, 0);
    };
    const found = new Float64Array(6);
    correlationChain(theta, correlationOf(theta, T).L, T, inR, found);
    theta.forEach((value, k) => {
      const [high, low] = [1e-5, -1e-5].map((step) => functional(theta.with(k, value + step)));
      expect(found[k]!).to.be.closeTo((high! - low!) / 2e-5, 1e-8);
    });
  });
});

const densityAt = (rho: number, shape: number): number =>
  Math.exp(logLkjDensity(Float64Array.of(Math.atanh(rho)), 2, shape, new Float64Array(1)));

describe('logLkjDensity', () => {
  it('is 3(1 − ρ²)/4 for two tasks and η = 2, and integrates to one for other η', () => {
    for (const rho of [-0.9, 0, 0.4])
      expect(densityAt(rho, 2)).to.be.closeTo((3 * (1 - rho * rho)) / 4, 1e-14);
    for (const shape of [1, 1.5, 3.7]) {
      let total = 0;
      for (let i = 0; i < 20_000; i++) total += densityAt((i + 0.5) / 10_000 - 1, shape) / 10_000;
      expect(total).to.be.closeTo(1, 1e-6);
    }
  });

  it('has the volume of the 3×3 correlation matrices, π²/2, as its constant for η = 1', () => {
    expect(logLkjConstant(1, 2)).to.equal(0);
    expect(logLkjConstant(3, 1)).to.be.closeTo(Math.log(Math.PI ** 2 / 2), 1e-13);
  });

  it('has, for three tasks, the constant that uniform correlations give, within 4 standard errors', () => {
    const random = randomStream(6, 'lkj');
    const draws = 200_000;
    const shape = 2.5;
    let sum = 0;
    let squares = 0;
    for (let draw = 0; draw < draws; draw++) {
      const [a, b, c] = [0, 0, 0].map(() => 2 * random.uniform() - 1) as [number, number, number];
      const determinant = 1 + 2 * a * b * c - a * a - b * b - c * c;
      const value = determinant > 0 ? 8 * determinant ** (shape - 1) : 0;
      sum += value / draws;
      squares += (value * value) / draws;
    }
    const error = Math.sqrt((squares - sum * sum) / draws);
    expect(Math.exp(logLkjConstant(3, shape))).to.be.closeTo(sum, 4 * error);
  });

  it('has the gradient that central differences give, and refuses a shape that is not positive', () => {
    const theta = Float64Array.of(0.4, -2, 30);
    const gradient = new Float64Array(3);
    const ignored = new Float64Array(3);
    expect(Number.isFinite(logLkjDensity(theta, 3, 2, gradient))).to.equal(true);
    theta.forEach((value, k) => {
      const [high, low] = [1e-5, -1e-5].map((step) =>
        logLkjDensity(theta.with(k, value + step), 3, 2, ignored),
      );
      expect(gradient[k]!).to.be.closeTo((high! - low!) / 2e-5, 1e-6);
    });
    expect(() => logLkjDensity(theta, 3, 0, ignored)).to.throw(RangeError, '0');
  });

  it('goes with a task scale whose 95 % interval is 0.38 to 2.7', () => {
    const { location, scale } = taskScalePrior;
    expect(Math.exp(location - 1.96 * scale)).to.be.closeTo(0.38, 0.01);
    expect(Math.exp(location + 1.96 * scale)).to.be.closeTo(2.66, 0.01);
  });
});
