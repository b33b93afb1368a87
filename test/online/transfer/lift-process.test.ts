import { expect } from 'chai';
import { Matrix, solve } from 'ml-matrix';
import { matern52 } from '../../../gp/kernels/matern52.ts';
import { randomStream } from '../../../math/random.ts';
import { jointLifts } from '../../../src/online/transfer/joint-lifts.ts';
import { conditionLifts, type TransferParameters } from '../../../src/online/transfer/lift-process.ts';
import type { RelativeObservations } from '../../../src/online/transfer/relative-observations.ts';

const PARAMETERS: TransferParameters = {
  kernel: matern52,
  lengthscales: [0.4, 0.7],
  scales: [0.5, 0.08],
  correlation: 0.7,
};

function drawn(count: number, variance: number, seed: number): RelativeObservations {
  const random = randomStream(seed, 'lift-process');
  const X = Float64Array.from({ length: 2 * count }, () => random.uniform());
  // The first arm is the baseline of every round.
  X.set([0.3, 0.3]);
  return {
    X,
    y: Float64Array.from({ length: count }, () => 0.1 * random.normal()),
    variance: new Float64Array(count).fill(variance),
  };
}

const log = { ...drawn(12, 0, 1), X: drawn(12, 0, 7).X };
const rounds = [drawn(6, 4e-4, 2), drawn(5, 9e-4, 3)];
const points = Float64Array.of(0.1, 0.9, 0.5, 0.5, 0.8, 0.2, 0.3, 0.35);

/** The flat prior of the constants as one of a variance so large that what it adds is below the tolerance. */
const VAGUE = 1e4;
const TOLERANCE = 1e-6;

/** The same from dense algebra: every constant is one more normal variable. */
function dense(logged: RelativeObservations | undefined): { mean: number[]; covariance: number[] } {
  const groups = logged === undefined ? rounds : [logged, ...rounds];
  const rows = groups.flatMap(({ X, y, variance }, g) =>
    Array.from(y, (value, i) => ({
      x: [X[2 * i]!, X[2 * i + 1]!],
      value,
      noise: variance[i]!,
      group: g,
      task: logged !== undefined && g === 0 ? 0 : 1,
    })),
  );
  const { lengthscales, scales, correlation } = PARAMETERS;
  const k = (a: readonly number[], b: readonly number[]): number =>
    matern52.value(a.reduce((sum, v, i) => sum + ((v - b[i]!) / lengthscales[i]!) ** 2, 0));
  const between = (t: number, u: number): number =>
    scales[t as 0]! * scales[u as 0]! * (t === u ? 1 : correlation);
  const K = new Matrix(
    rows.map((a, i) =>
      rows.map(
        (b, j) =>
          between(a.task, b.task) * k(a.x, b.x) +
          (a.group === b.group ? VAGUE : 0) +
          (i === j ? Math.max(a.noise, 1e-6 * scales[a.task as 0] ** 2) : 0),
      ),
    ),
  );
  const at = Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!]);
  const base = [0.3, 0.3];
  const Q = new Matrix(at.map((x) => rows.map((b) => between(1, b.task) * (k(x, b.x) - k(base, b.x)))));
  const mean = Q.mmul(solve(K, Matrix.columnVector(rows.map(({ value }) => value)))).to1DArray();
  const prior = new Matrix(
    at.map((a) => at.map((b) => scales[1] ** 2 * (k(a, b) - k(a, base) - k(b, base) + 1))),
  );
  const covariance = Matrix.sub(prior, Q.mmul(solve(K, Q.transpose()))).to1DArray();
  return { mean, covariance };
}

describe('conditionLifts and jointLifts', () => {
  for (const [what, logged] of [
    ['a log and two rounds', log],
    ['two rounds alone', undefined],
  ] as const) {
    it(`agree with dense algebra over ${what}, the constants as vague normal variables`, () => {
      const found = jointLifts(conditionLifts(PARAMETERS, logged, rounds), points);
      const expected = dense(logged);
      expected.mean.forEach((value, i) => expect(found.mean[i]).to.be.closeTo(value, TOLERANCE));
      expected.covariance.forEach((value, i) => expect(found.covariance[i]).to.be.closeTo(value, TOLERANCE));
    });
  }

  it('do not care what multiplies all arms of a round', () => {
    const season = rounds.map((round, r) => ({ ...round, y: round.y.map((value) => value + 0.7 * r - 2) }));
    const plain = jointLifts(conditionLifts(PARAMETERS, log, rounds), points);
    const moved = jointLifts(conditionLifts(PARAMETERS, log, season), points);
    plain.mean.forEach((value, i) => expect(moved.mean[i]).to.be.closeTo(value, 1e-9));
  });

  it('are the delta method where the prior says nothing: log ratios, whose shared control correlates the arms', () => {
    const [round] = rounds;
    const vague = { ...PARAMETERS, lengthscales: [1e-3, 1e-3], scales: [1, 2] as const };
    const X = round!.X.slice(2, 6);
    const { mean, covariance } = jointLifts(conditionLifts(vague, undefined, [round!]), X);
    expect(mean[0]).to.be.closeTo(round!.y[1]! - round!.y[0]!, 1e-4);
    expect(mean[1]).to.be.closeTo(round!.y[2]! - round!.y[0]!, 1e-4);
    expect(covariance[0]).to.be.closeTo(8e-4, 1e-6);
    expect(covariance[1]).to.be.closeTo(4e-4, 1e-6);
  });

  it('have a lift of 0 at the baseline', () => {
    const { mean, covariance } = jointLifts(
      conditionLifts(PARAMETERS, log, rounds),
      Float64Array.of(0.3, 0.3),
    );
    expect(mean[0]).to.be.closeTo(0, 1e-12);
    expect(covariance[0]).to.be.below(1e-9);
  });

  it('refuse shapes that disagree and a model without rounds', () => {
    expect(() => conditionLifts(PARAMETERS, log, [])).to.throw(RangeError, 'at least one round');
    const short = { ...rounds[0]!, X: rounds[0]!.X.slice(2) };
    expect(() => conditionLifts(PARAMETERS, undefined, [short])).to.throw(RangeError, '6×2');
    const process = conditionLifts(PARAMETERS, undefined, rounds);
    expect(() => jointLifts(process, new Float64Array(3))).to.throw(RangeError, '3 numbers');
  });
});
