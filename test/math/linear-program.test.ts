import { expect } from 'chai';
import * as fc from 'fast-check';
import { maximizeLinear } from '../../math/linear-program.ts';
import { randomStream } from '../../math/random.ts';

describe('maximizeLinear', () => {
  it('reaches a vertex that no random direction improves, on boxes cut by degenerate and duplicate rows', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 40 }),
        (seed, n, m) => {
          const random = randomStream(seed, 'lp');
          const rows: number[][] = [];
          const bounds: number[] = [];
          for (let j = 0; j < n; j++) {
            for (const sign of [1, -1]) {
              rows.push(Array.from({ length: n }, (_, i) => (i === j ? sign : 0)));
              bounds.push(random.uniform());
            }
          }
          for (let i = 0; i < m; i++) {
            const copied = random.integer(rows.length);
            const kind = random.integer(3);
            rows.push(
              kind === 0
                ? [...rows[copied]!]
                : Array.from({ length: n }, () => random.normal() / Math.sqrt(n)),
            );
            bounds.push(kind === 0 ? bounds[copied]! : kind === 1 ? 0 : random.uniform());
          }
          const c = Float64Array.from({ length: n }, () => random.normal());
          const { x, value } = maximizeLinear(c, Float64Array.from(rows.flat()), Float64Array.from(bounds));
          const slack = rows.map((row, i) => bounds[i]! - row.reduce((sum, a, j) => sum + a * x[j]!, 0));
          expect(Math.min(...slack)).above(-1e-10);
          for (let trial = 0; trial < 50; trial++) {
            const p = Array.from({ length: n }, () => random.normal());
            const rates = rows.map((row) => row.reduce((sum, a, j) => sum + a * p[j]!, 0));
            const length = Math.min(
              ...rates.map((rate, i) => (rate > 0 ? Math.max(0, slack[i]!) / rate : Infinity)),
            );
            const gain = p.reduce((sum, entry, j) => sum + entry * c[j]!, 0) * length;
            expect(gain).below(1e-9);
          }
          expect(value).closeTo(
            c.reduce((sum, entry, j) => sum + entry * x[j]!, 0),
            1e-12,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it("solves Chvátal's first example", () => {
    const G = Float64Array.from([2, 3, 1, 4, 1, 2, 3, 4, 2, -1, 0, 0, 0, -1, 0, 0, 0, -1]);
    const { x, value } = maximizeLinear(Float64Array.of(5, 4, 3), G, Float64Array.of(5, 11, 8, 0, 0, 0));
    expect(value).closeTo(13, 1e-12);
    [2, 0, 1].forEach((expected, j) => expect(x[j]).closeTo(expected, 1e-12));
  });

  it('refuses an unbounded program and an origin outside', () => {
    expect(() => maximizeLinear(Float64Array.of(1), Float64Array.of(-1), Float64Array.of(0))).throw(
      RangeError,
      'unbounded',
    );
    expect(() => maximizeLinear(Float64Array.of(1), Float64Array.of(1), Float64Array.of(-1))).throw(
      RangeError,
      '-1',
    );
  });
});
