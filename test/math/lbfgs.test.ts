import { expect } from 'chai';
import * as fc from 'fast-check';
import { minimize, type Objective } from '../../math/lbfgs.ts';
import { randomStream } from '../../math/random.ts';

const box = (n: number, low: number, high: number) => ({
  lower: new Float64Array(n).fill(low),
  upper: new Float64Array(n).fill(high),
});

const rosenbrock: Objective = (x, g) => {
  let sum = 0;
  g.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i + 1]! - x[i]! ** 2;
    const b = 1 - x[i]!;
    sum += 100 * a * a + b * b;
    g[i]! += -400 * a * x[i]! - 2 * b;
    g[i + 1]! += 200 * a;
  }
  return sum;
};

const nowhere: Objective = () => NaN;

describe('minimize', () => {
  it('finds the minimum of Rosenbrock functions, with infinite bounds too', () => {
    for (const n of [2, 6, 10]) {
      const start = new Float64Array(n).fill(-1.2);
      for (const bounds of [box(n, -5, 5), box(n, -Infinity, Infinity)]) {
        const found = minimize(rosenbrock, start, bounds, { decreaseTolerance: 1e-14, maxIterations: 500 });
        expect(found.converged, found.reason).to.equal(true);
        // n ≥ 4 has a second, local minimum near x₁ = −1.
        const isLocal = found.value > 1;
        for (let i = 1; i < n; i++) expect(found.x[i]!).to.be.closeTo(1, isLocal ? 0.05 : 1e-4);
      }
    }
  });

  it('stops at the bounds that hold the minimum back, where the KKT conditions are met', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer(), (n, seed) => {
        const random = randomStream(seed, 'quadratic');
        const A = Array.from({ length: n }, () => Float64Array.from({ length: n }, () => random.normal()));
        const centre = Float64Array.from({ length: n }, () => 3 * random.normal());
        // ½‖A(x − c)‖² + ½·0.1·‖x − c‖²
        const quadratic: Objective = (x, g) => {
          const delta = x.map((v, i) => v - centre[i]!);
          const image = A.map((row) => row.reduce((s, a, i) => s + a * delta[i]!, 0));
          for (let i = 0; i < n; i++)
            g[i] = image.reduce((s, v, r) => s + v * A[r]![i]!, 0) + 0.1 * delta[i]!;
          return 0.5 * image.reduce((s, v) => s + v * v, 0) + 0.05 * delta.reduce((s, v) => s + v * v, 0);
        };
        const found = minimize(quadratic, new Float64Array(n), box(n, -1, 1), {
          gradientTolerance: 1e-7,
          decreaseTolerance: 0,
        });
        const g = new Float64Array(n);
        quadratic(found.x, g);
        for (let i = 0; i < n; i++) {
          const x = found.x[i]!;
          expect(x).to.be.within(-1, 1);
          const projected = Math.min(1, Math.max(-1, x - g[i]!));
          expect(projected - x).to.be.closeTo(0, 1e-5);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('shrinks away from NaN and Infinity in the line search', () => {
    for (const wall of [NaN, Infinity, -Infinity]) {
      // x − log x with a cliff beyond 3, started where the first full step jumps off it.
      const cliff: Objective = (x, g) => {
        const v = x[0]!;
        if (v > 3 || v <= 0) {
          g[0] = NaN;
          return wall;
        }
        g[0] = 1 - 1 / v;
        return v - Math.log(v);
      };
      const found = minimize(cliff, Float64Array.of(0.01), box(1, -1e3, 1e3));
      expect(found.x[0]!, String(wall)).to.be.closeTo(1, 1e-3);
      expect(found.converged).to.equal(true);
    }
  });

  it('says so when the start has no finite value, and when iterations run out', () => {
    expect(minimize(nowhere, new Float64Array(2), box(2, 0, 1))).to.include({
      reason: 'start-not-finite',
      converged: false,
    });
    const start = Float64Array.of(-1.2, 1);
    expect(minimize(rosenbrock, start, box(2, -2, 2), { maxIterations: 3 })).to.include({
      reason: 'max-iterations',
      iterations: 3,
      converged: false,
    });
    expect(Array.from(start)).to.deep.equal([-1.2, 1]);
  });

  it('handles variables whose bounds meet', () => {
    const bounds = { lower: Float64Array.of(-5, 0.5), upper: Float64Array.of(5, 0.5) };
    const found = minimize(rosenbrock, Float64Array.of(-1, 9), bounds, { decreaseTolerance: 1e-14 });
    expect(found.x[1]).to.equal(0.5);
    expect(found.x[0]!).to.satisfy((x: number) => Math.abs(400 * x ** 3 - 198 * x - 2) < 1e-2);
  });

  it('refuses bounds that cross or do not match the start', () => {
    expect(() => minimize(rosenbrock, new Float64Array(2), box(2, 1, 0))).to.throw(RangeError, '1 > 0');
    expect(() => minimize(rosenbrock, new Float64Array(2), box(3, 0, 1))).to.throw(RangeError, '3');
  });
});
