import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { scrambledSobol, sobol, SOBOL_DIMENSIONS } from '../../math/sobol.ts';

/** The first points in five dimensions, by scipy.stats.qmc.Sobol 1.17.1 with scramble=False. */
const FIRST_POINTS = [
  [0, 0, 0, 0, 0],
  [0.5, 0.5, 0.5, 0.5, 0.5],
  [0.75, 0.25, 0.25, 0.25, 0.75],
  [0.25, 0.75, 0.75, 0.75, 0.25],
  [0.375, 0.375, 0.625, 0.875, 0.375],
  [0.875, 0.875, 0.125, 0.375, 0.875],
  [0.625, 0.125, 0.875, 0.625, 0.625],
  [0.125, 0.625, 0.375, 0.125, 0.125],
];

/** [point, dimension, coordinate], both counted from zero, by the same. */
const LATER_COORDINATES = [
  [1, 127, 0.5],
  [2, 127, 0.25],
  [7, 127, 0.375],
  [100, 127, 0.4609375],
  [1023, 127, 0.7001953125],
  [5, 63, 0.625],
  [77, 63, 0.8828125],
  [1000, 63, 0.4462890625],
  [13, 20, 0.5625],
  [513, 99, 0.4189453125],
  [300, 40, 0.576171875],
] as const;

function column(points: Float64Array, dimension: number, j: number): Float64Array {
  return points.filter((_, at) => at % dimension === j);
}

/** How many of the boxes of width 2⁻ᵃ × 2⁻ᵇ hold a point. */
function occupied(x: Float64Array, y: Float64Array, a: number, b: number): number {
  return new Set(Array.from(x, (value, i) => `${Math.floor(value * 2 ** a)},${Math.floor(y[i]! * 2 ** b)}`))
    .size;
}

describe('sobol', () => {
  it('is the sequence of scipy', () => {
    expect([...sobol(8, 5)]).deep.equal(FIRST_POINTS.flat());
    const points = sobol(1024, SOBOL_DIMENSIONS);
    for (const [i, j, value] of LATER_COORDINATES) {
      expect(points[i * SOBOL_DIMENSIONS + j], `point ${i}, dimension ${j}`).equal(value);
    }
  });

  it('puts one of 2^m points into each of 2^m intervals of every dimension, scrambled or not', () => {
    const random = randomStream(1, 'sobol');
    for (const points of [sobol(256, SOBOL_DIMENSIONS), scrambledSobol(256, SOBOL_DIMENSIONS, random)]) {
      for (let j = 0; j < SOBOL_DIMENSIONS; j++) {
        const intervals = new Set(
          Array.from(column(points, SOBOL_DIMENSIONS, j), (value) => Math.floor(value * 256)),
        );
        expect(intervals.size, `dimension ${j}`).equal(256);
      }
    }
  });

  it('is a (0, m, 2)-net in its first two dimensions, scrambled or not', () => {
    for (const points of [sobol(64, 2), scrambledSobol(64, 2, randomStream(2, 'sobol'))]) {
      for (let a = 0; a <= 6; a++) {
        expect(occupied(column(points, 2, 0), column(points, 2, 1), a, 6 - a), `2^-${a}`).equal(64);
      }
    }
  });

  it('refuses dimensions without direction numbers', () => {
    expect(() => sobol(4, SOBOL_DIMENSIONS + 1)).throw(RangeError, '129');
    expect(() => sobol(4, 0)).throw(RangeError, 'dimension 0');
    expect(() => sobol(-1, 2)).throw(RangeError, '-1');
  });
});

describe('scrambledSobol', () => {
  it('is the same for the same seed and another for another', () => {
    const [first, again, other] = [1, 1, 2].map((seed) =>
      scrambledSobol(8, 3, randomStream(seed, 'scramble')),
    );
    expect(first).deep.equal(again);
    expect(first).not.deep.equal(other);
  });

  it('is uniform as a single point: the third point of 4096 scrambles has the moments of its law', () => {
    const random = randomStream(3, 'scramble');
    const draws = Float64Array.from({ length: 4096 }, () => scrambledSobol(3, 2, random)[5]!);
    const mean = draws.reduce((sum, u) => sum + u, 0) / draws.length;
    const square = draws.reduce((sum, u) => sum + u * u, 0) / draws.length;
    expect(Math.abs(mean - 1 / 2)).below(4.5 * Math.sqrt(1 / 12 / draws.length));
    expect(Math.abs(square - 1 / 3)).below(4.5 * Math.sqrt(4 / 45 / draws.length));
  });

  it('integrates a smooth function of six dimensions a hundred times better than independent points', () => {
    // ∏ (1 + (u_j − ½)/2) has mean 1 and standard deviation ((1 + 1/48)⁶ − 1)^½ = 0.363.
    const errors = Array.from({ length: 16 }, (_, seed) => {
      const points = scrambledSobol(1024, 6, randomStream(seed, 'integral'));
      let sum = 0;
      for (let i = 0; i < 1024; i++) {
        sum += points.subarray(6 * i, 6 * i + 6).reduce((product, u) => product * (1 + (u - 0.5) / 2), 1);
      }
      return (sum / 1024 - 1) ** 2;
    });
    const rms = Math.sqrt(errors.reduce((sum, e) => sum + e, 0) / errors.length);
    expect(rms).below(0.363 / Math.sqrt(1024) / 100);
  });
});
