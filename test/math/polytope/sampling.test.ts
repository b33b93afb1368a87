import { expect } from 'chai';
import * as fc from 'fast-check';
import { contains, createPolytope, type Polytope } from '../../../math/polytope/polytope.ts';
import { roundToPolytope } from '../../../math/polytope/rounding.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream } from '../../../math/random.ts';
import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import { randomSpec, simplexSpec } from './random-polytope.ts';

/** Batch means: the standard error of a mean of correlated samples, from 50 batches. */
function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const batches = 50;
  const size = Math.floor(values.length / batches);
  const means = Array.from({ length: batches }, (_, b) => average(values.slice(b * size, (b + 1) * size)));
  const mean = average(means);
  const variance = means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / (batches - 1);
  return { mean, error: Math.sqrt(variance / batches) };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function expectMean(values: readonly number[], expected: number, what: string): void {
  const { mean, error } = meanAndError(values);
  expect(Math.abs(mean - expected), `${what}: ${mean} against ${expected} ± ${error}`).below(4.5 * error);
}

/** The sum of doubles as the decimals they print as. */
function decimalSum(w: Float64Array): string {
  const places = 40;
  const total = [...w].reduce((sum, value) => sum + toUnits(value, places), 0n);
  return String(total);
}

function toUnits(value: number, places: number): bigint {
  const [mantissa, power] = value.toExponential().split('e');
  const [whole, fraction = ''] = mantissa!.split('.');
  return BigInt(whole! + fraction) * 10n ** BigInt(places + Number(power) - fraction.length);
}

/** The simplex of four with a + b <= 0.5, a volume that hit-and-run must walk: P(a + b <= 0.5) = 0.5 on the simplex. */
function cutSimplex(): Polytope {
  return createPolytope({
    ...simplexSpec(4),
    inequalities: [{ label: 'a + b <= 0.5', coefficients: [1, 1, 0, 0], bound: 0.5 }],
  });
}

function leastDistance(points: readonly Float64Array[]): number {
  let least = Infinity;
  points.forEach((p, i) => {
    for (const q of points.slice(0, i)) least = Math.min(least, Math.hypot(...p.map((v, j) => v - q[j]!)));
  });
  return least;
}

describe('samplePolytope', () => {
  it('stays inside 1000 random polytopes, 100 000 samples in all', function () {
    let drawn = 0;
    for (let seed = 0; drawn < 100_000; seed++) {
      const random = randomStream(seed, 'inside');
      const polytope = createPolytope(randomSpec(random));
      for (const w of samplePolytope(polytope, 100, random)) {
        if (!contains(polytope, w)) expect.fail(`seed ${seed}: ${w.join(', ')} is outside`);
        drawn++;
      }
    }
  });

  it('is uniform on a simplex: moments of the Dirichlet with unit parameters', () => {
    const samples = samplePolytope(createPolytope(simplexSpec(4)), 20_000, randomStream(1, 'simplex'));
    for (let i = 0; i < 4; i++) {
      expectMean(
        samples.map((w) => w[i]!),
        1 / 4,
        `E w${i}`,
      );
      expectMean(
        samples.map((w) => w[i]! ** 2),
        2 / 20,
        `E w${i}²`,
      );
      expectMean(
        samples.map((w) => (w[i]! > 0.5 ? 1 : 0)),
        0.5 ** 3,
        `P(w${i} > ½)`,
      );
    }
    expectMean(
      samples.map((w) => w[0]! * w[1]!),
      1 / 20,
      'E w0w1',
    );
  });

  it('scales the simplex between lower bounds, fixed weights and a sum', () => {
    const polytope = createPolytope({
      names: ['a', 'b', 'c', 'fixed'],
      lower: [1, 0, 2, 3],
      upper: [10, 10, 10, 3],
      sum: 10,
    });
    const samples = samplePolytope(polytope, 5_000, randomStream(2, 'scaled'));
    expectMean(
      samples.map((w) => w[0]!),
      1 + 4 / 3,
      'E a',
    );
    expectMean(
      samples.map((w) => w[2]!),
      2 + 4 / 3,
      'E c',
    );
    expect(samples.every((w) => w[3] === 3)).equal(true);
  });

  it('is uniform on a cut simplex by hit-and-run', () => {
    const samples = samplePolytope(cutSimplex(), 20_000, randomStream(3, 'cut'));
    const sums = samples.map((w) => w[0]! + w[1]!);
    expectMean(sums, 5 / 16, 'E s of the density 12 s(1 − s) on [0, ½]');
    expectMean(
      sums.map((s) => s * s),
      9 / 80,
      'E s²',
    );
    expectMean(
      samples.map((w) => w[0]!),
      5 / 32,
      'E a',
    );
    expectMean(
      samples.map((w) => w[3]!),
      11 / 32,
      'E d',
    );
    expectMean(
      sums.map((s) => (s < 0.25 ? 1 : 0)),
      5 / 16,
      'P(s < ¼)',
    );
  });

  it('is uniform on boxes thin a thousand times over, and in 20 dimensions', () => {
    const lower = new Float64Array(20);
    const upper = Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : 1e-3));
    const polytope = createPolytope({ names: [...upper.keys()].map(String), lower, upper });
    const samples = samplePolytope(polytope, 2_000, randomStream(4, 'box'));
    for (const i of [0, 1, 18, 19]) {
      expectMean(
        samples.map((w) => w[i]! / upper[i]!),
        1 / 2,
        `E w${i}`,
      );
      expectMean(
        samples.map((w) => (w[i]! / upper[i]!) ** 2),
        1 / 3,
        `E w${i}²`,
      );
    }
  });

  it('forgets a sample by the next: the correlation of neighbours is below 0.15', () => {
    const d = 20;
    const polytope = createPolytope({ ...simplexSpec(d), upper: new Float64Array(d).fill(0.3) });
    const values = samplePolytope(polytope, 2_000, randomStream(5, 'mixing')).map((w) => w[7]!);
    const mean = average(values);
    const variance = average(values.map((v) => (v - mean) ** 2));
    const lagged = average(values.slice(1).map((v, i) => (v - mean) * (values[i]! - mean)));
    expect(Math.abs(lagged / variance)).below(0.15);
  });

  it('repeats a single point', () => {
    const polytope = createPolytope({ names: ['a'], lower: [2], upper: [2] });
    expect(samplePolytope(polytope, 3, randomStream(6)).map((w) => w[0])).deep.equal([2, 2, 2]);
  });
});

describe('roundToPolytope', () => {
  it('keeps every constraint to 1e-9 and the sum exactly as printed', () => {
    let rounded = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomStream(seed, 'rounding');
        const polytope = createPolytope(randomSpec(random));
        const unit = 10 ** polytope.grid.exponent;
        for (const w of samplePolytope(polytope, 20, random)) {
          const short = roundToPolytope(polytope, w);
          expect(contains(polytope, short)).equal(true);
          short.forEach((value, i) => expect(Math.abs(value - w[i]!)).at.most(polytope.weightCount * unit));
          if (polytope.sum === undefined) continue;
          expect(decimalSum(short)).equal(String(toUnits(polytope.sum, 40)));
          rounded++;
        }
      }),
      { numRuns: 300 },
    );
    expect(rounded).above(1000);
  });

  it('returns the nearest doubles of short decimals', () => {
    const polytope = createPolytope(simplexSpec(3));
    expect([...roundToPolytope(polytope, [1 / 3, 1 / 3, 1 / 3])]).deep.equal([
      0.333333333334, 0.333333333333, 0.333333333333,
    ]);
    expect([...roundToPolytope(polytope, [0.1, 0.2, 0.7])]).deep.equal([0.1, 0.2, 0.7]);
    expect([
      ...roundToPolytope(createPolytope({ ...simplexSpec(2), sum: 1000, upper: [1000, 1000] }), [0.5, 999.5]),
    ]).deep.equal([0.5, 999.5]);
  });

  it('projects a point outside first', () => {
    expect([...roundToPolytope(createPolytope(simplexSpec(2)), [3, 0])]).deep.equal([1, 0]);
  });

  it('pulls inwards where rounding would cross a steep constraint', () => {
    const polytope = createPolytope({
      ...simplexSpec(3),
      inequalities: [{ label: 'steep', coefficients: [9000, -7000, 1000], bound: 0 }],
    });
    for (let n = 3; n < 40; n++) {
      const c = 1 / n;
      const a = (7000 * (1 - c) - 1000 * c) / 16_000;
      const rounded = roundToPolytope(polytope, [a, 1 - a - c, c]);
      expect(contains(polytope, rounded)).equal(true);
      expect(decimalSum(rounded)).equal(String(10n ** 40n));
    }
  });
});

describe('spaceFillingDesign', () => {
  it('spreads its points several times farther than uniform samples', () => {
    for (const polytope of [createPolytope(simplexSpec(4)), cutSimplex()]) {
      const design = spaceFillingDesign(polytope, 20, randomStream(9, 'design'));
      expect(design).length(20);
      expect(design.every((w) => contains(polytope, w))).equal(true);
      expect(leastDistance(design)).above(3 * leastDistance(samplePolytope(polytope, 20, randomStream(10))));
    }
  });

  it('keeps away from existing points', () => {
    const polytope = createPolytope(simplexSpec(3));
    const baseline = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
    const design = spaceFillingDesign(polytope, 8, randomStream(11, 'design'), [baseline]);
    expect(leastDistance([...design, baseline])).above(0.25);
  });

  it('privileges no weight: over seeds every coordinate has the same mean', () => {
    const polytope = createPolytope(simplexSpec(4));
    const means = Array.from({ length: 100 }, (_, seed) =>
      spaceFillingDesign(polytope, 6, randomStream(seed, 'symmetry')),
    );
    for (let i = 0; i < 4; i++) {
      expectMean(
        means.map((design) => average(design.map((w) => w[i]!))),
        1 / 4,
        `E w${i}`,
      );
    }
  });

  it('measures each weight by its range', () => {
    const polytope = createPolytope({ names: ['wide', 'narrow'], lower: [0, 0], upper: [1000, 1] });
    const narrow = spaceFillingDesign(polytope, 4, randomStream(12)).map((w) => w[1]!);
    expect(Math.max(...narrow) - Math.min(...narrow)).above(0.8);
  });
});
