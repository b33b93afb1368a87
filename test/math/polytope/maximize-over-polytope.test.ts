import { expect } from 'chai';
import * as fc from 'fast-check';
import { maximizeOverPolytope, type SmoothFunction } from '../../../math/polytope/maximize-over-polytope.ts';
import { contains, createPolytope } from '../../../math/polytope/polytope.ts';
import { projectOnto } from '../../../math/polytope/projection.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream } from '../../../math/random.ts';
import { randomSpec, simplexSpec } from './random-polytope.ts';

/**
 * min Σ 100(x_{i+1} − x_i²)² + (1 − x_i)² with −2 ≤ x ≤ 2, Σx = 1.5, x₀ + x₁ ≤ 0.8: the best of 50 runs of
 * scipy 1.17.1's SLSQP (ftol 1e-16) from uniform starts, numpy default_rng(0).
 */
const ROSENBROCK = {
  value: 3.8483477452090877,
  x: [-0.9492264743725349, 0.9119290494604664, 0.8364505403662846, 0.7008468845457839],
};

/** The constant costs the function 5 bits, 4e-15, which a line search may turn into another step of 1e-13 or so. */
const SHIFTED_TOLERANCE = 1e-10;

const negatedRosenbrock: SmoothFunction = (x, gradient) => {
  let value = 0;
  gradient.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const valley = x[i + 1]! - x[i]! ** 2;
    value -= 100 * valley ** 2 + (1 - x[i]!) ** 2;
    gradient[i]! += 400 * x[i]! * valley + 2 * (1 - x[i]!);
    gradient[i + 1]! -= 200 * valley;
  }
  return value;
};

function rosenbrockPlus(constant: number): SmoothFunction {
  return (w, gradient) => negatedRosenbrock(w, gradient) + constant;
}

function negatedSquaredDistance(target: ArrayLike<number>, scale = 1): SmoothFunction {
  return (w, gradient) => {
    let value = 0;
    for (let i = 0; i < w.length; i++) {
      value -= (scale * (w[i]! - target[i]!) ** 2) / 2;
      gradient[i] = -scale * (w[i]! - target[i]!);
    }
    return value;
  };
}

/** Rises along the first weight to 0.8; −Infinity beyond, NaN beyond 0.9. */
const cliff: SmoothFunction = (w, gradient) => {
  gradient.set([1, 0, 0]);
  if (w[0]! > 0.9) return NaN;
  return w[0]! > 0.8 ? -Infinity : w[0]!;
};

describe('maximizeOverPolytope', () => {
  it('takes a linear function to the vertex that maximises it', () => {
    const c = [0.3, -0.2, 0.9, 0.1];
    const linear: SmoothFunction = (w, gradient) => {
      gradient.set(c);
      return w.reduce((sum, value, i) => sum + c[i]! * value, 0);
    };
    const polytope = createPolytope({ ...simplexSpec(4), upper: [1, 1, 0.6, 1] });
    for (const { w, value, converged } of maximizeOverPolytope(
      polytope,
      linear,
      samplePolytope(polytope, 20, randomStream(1)),
    )) {
      [0.4, 0, 0.6, 0].forEach((expected, i) => expect(w[i]).closeTo(expected, 1e-10));
      expect(value).closeTo(0.66, 1e-12);
      expect(converged).equal(true);
    }
  });

  it('takes a concave quadratic to the projection of its peak, at any scale', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -6, max: 6 }), (seed, power) => {
        const random = randomStream(seed, 'quadratic');
        const polytope = createPolytope(randomSpec(random));
        const size = Math.max(...polytope.maximum.map(Math.abs));
        const target = polytope.center.map((value) => value + size * random.normal());
        const scale = 10 ** power;
        const expected = projectOnto(polytope, target);
        const f = negatedSquaredDistance(target, scale);
        const best = f(expected, new Float64Array(expected.length));
        for (const { w, value } of maximizeOverPolytope(polytope, f, samplePolytope(polytope, 2, random))) {
          expect(contains(polytope, w)).equal(true);
          expect(best - value).below(1e-9 * Math.max(1, Math.abs(best)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it("reaches SciPy's optimum of a Rosenbrock valley cut by a plane", () => {
    const polytope = createPolytope({
      names: ['a', 'b', 'c', 'd'],
      lower: new Float64Array(4).fill(-2),
      upper: new Float64Array(4).fill(2),
      sum: 1.5,
      inequalities: [{ label: 'cut', coefficients: [1, 1, 0, 0], bound: 0.8 }],
    });
    const optima = maximizeOverPolytope(
      polytope,
      negatedRosenbrock,
      samplePolytope(polytope, 20, randomStream(2)),
    );
    expect(optima.filter(({ converged }) => converged).length).equal(20);
    const best = optima.reduce((a, b) => (a.value > b.value ? a : b));
    expect(-best.value).closeTo(ROSENBROCK.value, 1e-9);
    best.w.forEach((value, i) => expect(value).closeTo(ROSENBROCK.x[i]!, 1e-5));
  });

  it('backs away from −Infinity and NaN, and returns a start where it finds them', () => {
    const polytope = createPolytope(simplexSpec(3));
    const [climbed, stuck] = maximizeOverPolytope(polytope, cliff, [
      [0.1, 0.2, 0.7],
      [0.95, 0.02, 0.03],
    ]);
    expect(climbed!.value).within(0.79, 0.8);
    expect(stuck!.converged).equal(false);
    expect(stuck!.iterations).equal(0);
    expect(stuck!.w[0]).closeTo(0.95, 1e-12);
  });

  it('ends at the same point when a constant is added to the function, however early it stops', () => {
    const polytope = createPolytope(simplexSpec(4));
    const starts = samplePolytope(polytope, 10, randomStream(3));
    for (const gainTolerance of [1e-2, 1e-7]) {
      const ends = maximizeOverPolytope(polytope, rosenbrockPlus(0), starts, { gainTolerance });
      for (const constant of [-32, 32]) {
        const shifted = maximizeOverPolytope(polytope, rosenbrockPlus(constant), starts, { gainTolerance });
        shifted.forEach(({ w, iterations }, k) => {
          expect(iterations).equal(ends[k]!.iterations);
          w.forEach((value, i) => expect(value).closeTo(ends[k]!.w[i]!, SHIFTED_TOLERANCE));
        });
      }
    }
  });

  it('evaluates only points of the polytope', () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = randomStream(seed, 'feasible');
      const polytope = createPolytope(randomSpec(random));
      const unit = Math.max(1, polytope.diameter);
      const waves: SmoothFunction = (w, gradient) => {
        if (!contains(polytope, w, 1e-11)) expect.fail(`seed ${seed}: ${w.join(', ')} is outside`);
        w.forEach((value, i) => (gradient[i] = ((i + 1) / unit) * Math.cos(((i + 1) / unit) * value)));
        return w.reduce((sum, value, i) => sum + Math.sin(((i + 1) / unit) * value), 0);
      };
      for (const end of maximizeOverPolytope(polytope, waves, samplePolytope(polytope, 3, random))) {
        expect(end.converged, `seed ${seed}`).equal(true);
      }
    }
  });

  it('survives curvatures so far apart that rounding spoils the Hessian, and still finds the kink', () => {
    const scales = [1, 1e2, 1e4, 1e6];
    const kink = [0.2, 0.23, 0.26, 0.31];
    const steep: SmoothFunction = (w, gradient) => {
      let value = 0;
      for (let i = 0; i < w.length; i++) {
        const offset = w[i]! - kink[i]!;
        const size = Math.sqrt(offset * offset + 1e-20);
        value -= scales[i]! * size;
        gradient[i] = (-scales[i]! * offset) / size;
      }
      return value;
    };
    const polytope = createPolytope(simplexSpec(4));
    const starts = samplePolytope(polytope, 200, randomStream(1, 'abs'));
    const ends = maximizeOverPolytope(polytope, steep, starts);
    for (const { w } of ends) expect(contains(polytope, w)).equal(true);
    const best = ends.reduce((a, b) => (b.value > a.value ? b : a));
    kink.forEach((value, i) => expect(best.w[i]).closeTo(value, 1e-3));
  });

  it('stays at a single point, and starts from the projection of a point outside', () => {
    const point = createPolytope({ names: ['a'], lower: [2], upper: [2] });
    expect(maximizeOverPolytope(point, negatedSquaredDistance([0]), [[2]])[0]).deep.equal({
      w: Float64Array.of(2),
      value: -2,
      iterations: 0,
      converged: true,
    });
    const [end] = maximizeOverPolytope(createPolytope(simplexSpec(2)), negatedSquaredDistance([0.2, 0.8]), [
      [5, 5],
    ]);
    expect(end!.w[0]).closeTo(0.2, 1e-7);
  });
});
