import { expect } from 'chai';
import * as fc from 'fast-check';
import { solveQuadraticProgram } from '../../math/quadratic-program.ts';
import { randomStream, type Random } from '../../math/random.ts';

interface Program {
  readonly B: Float64Array;
  readonly g: Float64Array;
  readonly G: Float64Array;
  readonly h: Float64Array;
}

/** B = AAᵀ + I/10, constraints through or around a random point, then duplicates, sums and touching copies of them. */
function randomProgram(random: Random, n: number, m: number): Program {
  const A = Float64Array.from({ length: n * n }, () => random.normal());
  const B = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) B[i * n + j]! += A[i * n + k]! * A[j * n + k]!;
    }
    B[i * n + i]! += 0.1;
  }
  const g = Float64Array.from({ length: n }, () => 5 * random.normal());
  const point = Array.from({ length: n }, () => random.normal());
  const rows: number[][] = [];
  const h: number[] = [];
  for (let i = 0; i < m; i++) {
    const kind = i === 0 ? 0 : random.integer(5);
    if (kind === 1) {
      const copied = random.integer(i);
      rows.push([...rows[copied]!]);
      h.push(h[copied]!);
    } else if (kind === 2) {
      const a = random.integer(i);
      const b = random.integer(i);
      rows.push(rows[a]!.map((entry, j) => entry + 2 * rows[b]![j]!));
      h.push(h[a]! + 2 * h[b]!);
    } else {
      const row = Array.from({ length: n }, () => random.normal());
      const slack = kind === 3 ? 0 : random.uniform();
      rows.push(row);
      h.push(row.reduce((sum, entry, j) => sum + entry * point[j]!, slack));
    }
  }
  return { B, g, G: Float64Array.from(rows.flat()), h: Float64Array.from(h) };
}

/** The largest of stationarity, primal and dual infeasibility, and complementarity. */
function kktResidual({ B, g, G, h }: Program, x: Float64Array, multipliers: Float64Array): number {
  const n = g.length;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    let gradient = g[i]!;
    for (let j = 0; j < n; j++) gradient += B[i * n + j]! * x[j]!;
    for (let k = 0; k < h.length; k++) gradient += G[k * n + i]! * multipliers[k]!;
    worst = Math.max(worst, Math.abs(gradient));
  }
  for (let k = 0; k < h.length; k++) {
    let slack = h[k]!;
    for (let j = 0; j < n; j++) slack -= G[k * n + j]! * x[j]!;
    worst = Math.max(worst, -slack, -multipliers[k]!, Math.abs(slack * multipliers[k]!));
  }
  return worst;
}

describe('solveQuadraticProgram', () => {
  it('satisfies the KKT conditions with redundant, duplicate and degenerate constraints', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 100 }),
        (seed, n, m) => {
          const program = randomProgram(randomStream(seed, 'qp'), n, m);
          const result = solveQuadraticProgram(program.B, program.g, program.G, program.h);
          expect(result.status).equal('optimal');
          if (result.status !== 'optimal') return;
          const scale = 1 + Math.max(...result.multipliers.map(Math.abs), ...program.g.map(Math.abs));
          expect(kktResidual(program, result.x, result.multipliers) / scale).below(1e-9);
        },
      ),
      {
        numRuns: 300,
        // Constraints that meet in one corner, of which the last was taken for a contradiction.
        examples: [[-1919480562, 6, 77]],
      },
    );
  });

  it('reports infeasible when two constraints exclude each other, among any others', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 40 }),
        (seed, n, m) => {
          const random = randomStream(seed, 'infeasible');
          const { B, g, G, h } = randomProgram(random, n, m);
          const row = Array.from({ length: n }, () => random.normal());
          const bound = random.normal();
          const rows = Float64Array.from([...G, ...row, ...row.map((entry) => -entry)]);
          const bounds = Float64Array.from([...h, bound, -bound - 0.01 - random.uniform()]);
          expect(solveQuadraticProgram(B, g, rows, bounds)).deep.equal({ status: 'infeasible' });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('projects onto a halfspace by the closed form', () => {
    const result = solveQuadraticProgram(
      Float64Array.of(1, 0, 0, 1),
      Float64Array.of(-3, -1),
      Float64Array.of(1, 1),
      Float64Array.of(2),
    );
    expect(result).deep.equal({
      status: 'optimal',
      x: Float64Array.of(2, 0),
      multipliers: Float64Array.of(1),
    });
  });

  it('minimises over a single point pinned by opposite constraints', () => {
    const result = solveQuadraticProgram(
      Float64Array.of(2),
      Float64Array.of(1),
      Float64Array.of(1, -1, 1),
      Float64Array.of(0.3, -0.3, 0.3),
    );
    expect(result.status === 'optimal' && result.x[0]).closeTo(0.3, 1e-15);
  });

  it('says that an indefinite Hessian is ill-conditioned', () => {
    const none = new Float64Array(0);
    const result = solveQuadraticProgram(Float64Array.of(1, 2, 2, 1), new Float64Array(2), none, none);
    expect(result).deep.equal({ status: 'ill-conditioned' });
  });
});
