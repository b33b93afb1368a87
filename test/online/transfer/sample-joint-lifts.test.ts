import { expect } from 'chai';
import { Matrix, solve } from 'ml-matrix';
import { kernelByName } from '../../../gp/kernels/kernel-by-name.ts';
import { randomStream } from '../../../math/random.ts';
import { armErrors, type MeasuredRound } from '../../../src/online/transfer/arm-errors.ts';
import { jointLifts } from '../../../src/online/transfer/joint-lifts.ts';
import { baselineAlone, conditionLifts } from '../../../src/online/transfer/lift-process.ts';
import { sampleJointLifts } from '../../../src/online/transfer/sample-joint-lifts.ts';

/** Standard errors of a Monte Carlo mean; some thirty comparisons, 0.002 of failing by chance. */
const ERRORS = 4;
const DRAWS = 4096;

const kernel = kernelByName.matern52;
const parametersOf = (scale: number) =>
  ({ kernel, lengthscales: [0.5], scales: [0.08, scale], correlation: 0.9 }) as const;
const PARAMETERS = [parametersOf(0.06), parametersOf(0.05)];
const BASELINE = 0.3;
const ROUNDS = [
  [BASELINE, 0.1, 0.6, 0.9],
  [BASELINE, 0.5, 0.75],
];
const STDDEVS = [0.012, 0.015];
const POINTS = Float64Array.of(0.6, 0.75, 0.95);

const LOG = {
  X: Float64Array.of(0, 0.2, 0.4, 0.6, 0.8, 1),
  y: Float64Array.from([0, 0.2, 0.4, 0.6, 0.8, 1], (x) => 0.1 * Math.sin(3 * x)),
  variance: new Float64Array(6).fill(1e-5),
};

/** The first metric has a log, the second none; a round shifts both by a constant of its own. */
const MEANS = ROUNDS.map((places, r) =>
  [0, 1].map((t) =>
    places.map((x, a) => 0.1 * Math.sin(3 * x + t) + 0.05 * r + 0.01 * Math.cos(7 * a + 3 * r + t)),
  ),
);

const before = PARAMETERS.map((parameters, t) =>
  conditionLifts(parameters, t === 0 ? LOG : undefined, [baselineAlone(Float64Array.of(BASELINE))]),
);
const models = before.map((process) => ({ components: [{ weight: 1, before: process }] }));

function measured(correlation: number): readonly MeasuredRound[] {
  return ROUNDS.map((places, r) => ({
    places: places.map((x) => Float64Array.of(x)),
    metrics: MEANS[r]!.map((means, t) => means.map((value) => ({ value, variance: STDDEVS[t]! ** 2 }))),
    correlation: Float64Array.of(1, correlation, correlation, 1),
  }));
}

/** Mean of log(1 + lift) at the points and its variance over draws, one row a metric. */
function momentsOf(correlation: number) {
  const draws = sampleJointLifts(
    models,
    armErrors(measured(correlation)),
    POINTS,
    DRAWS,
    randomStream(1, 'joint'),
  );
  return draws.map((lifts) =>
    Array.from(POINTS, (_, i) => {
      const values = Array.from({ length: DRAWS }, (_, s) => Math.log1p(lifts[s * POINTS.length + i]!));
      const mean = values.reduce((sum, value) => sum + value / DRAWS, 0);
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / (DRAWS - 1), 0);
      return { mean, variance };
    }),
  );
}

describe('sampleJointLifts', () => {
  it('without correlation has, of each metric, the posterior of that metric alone', () => {
    const found = momentsOf(0);
    PARAMETERS.forEach((parameters, t) => {
      const rounds = ROUNDS.map((places, r) => ({
        X: Float64Array.from(places),
        y: Float64Array.from(MEANS[r]![t]!),
        variance: new Float64Array(places.length).fill(STDDEVS[t]! ** 2),
      }));
      const { mean, covariance } = jointLifts(
        conditionLifts(parameters, t === 0 ? LOG : undefined, rounds),
        POINTS,
      );
      found[t]!.forEach((each, i) => {
        const variance = covariance[i * POINTS.length + i]!;
        expect(Math.abs(each.mean - mean[i]!)).to.be.below(ERRORS * Math.sqrt(variance / DRAWS));
        expect(Math.abs(each.variance / variance - 1)).to.be.below(ERRORS * Math.sqrt(2 / DRAWS));
      });
    });
  });

  for (const correlation of [0.9, -0.5]) {
    it(`has the posterior of one process of both metrics, errors correlated at ${correlation}`, () => {
      const { mean, variance } = bothAtOnce(correlation);
      momentsOf(correlation).forEach((of, t) => {
        of.forEach((each, i) => {
          const at = t * POINTS.length + i;
          expect(Math.abs(each.mean - mean[at]!)).to.be.below(ERRORS * Math.sqrt(variance[at]! / DRAWS));
          expect(Math.abs(each.variance / variance[at]! - 1)).to.be.below(ERRORS * Math.sqrt(2 / DRAWS));
        });
      });
    });
  }

  it('knows more of a metric whose errors are those of one that the log knows', () => {
    expect(varianceWithoutLog(0.9)).to.be.below(0.9 * varianceWithoutLog(0));
  });

  it('takes arms that one metric has not, and refuses correlations of no numbers', () => {
    const [first, second] = measured(0.9);
    const lacking = { ...second!, metrics: [second!.metrics[0]!, second!.metrics[1]!.with(2, undefined)] };
    const errors = armErrors([first!, lacking]);
    expect(errors.y).to.have.lengthOf(13);
    expect(errors.arms).to.equal(7);
    expect(Array.from(errors.arm)).to.deep.equal([0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 4, 5]);
    const [one, other] = sampleJointLifts(models, errors, POINTS, 64, randomStream(2, 'joint'));
    expect([...one!, ...other!].every((lift) => lift > -1 && lift < 1)).to.equal(true);
    expect(() => armErrors([{ ...first!, correlation: Float64Array.of(1, 4, 4, 1) }])).to.throw(
      'not positive definite',
    );
  });
});

/** Summed over the points, of the metric without a log. */
const varianceWithoutLog = (correlation: number): number =>
  bothAtOnce(correlation)
    .variance.slice(POINTS.length)
    .reduce((sum, value) => sum + value, 0);

const k = (a: number, b: number): number => kernel.value(((a - b) / 0.5) ** 2);

/** By a general solver: functions of both metrics, the log's too, constants of a wide prior, one block of observations. */
function bothAtOnce(correlation: number): { mean: readonly number[]; variance: readonly number[] } {
  interface Term {
    readonly metric: number;
    readonly task: 0 | 1;
    readonly x: number;
    readonly group: number;
    readonly arm: number;
    readonly y: number;
    readonly stddev: number;
  }
  const terms: Term[] = Array.from(LOG.X, (x, i): Term => ({
    metric: 0,
    task: 0,
    x,
    group: -1,
    arm: -1 - i,
    y: LOG.y[i]!,
    stddev: Math.sqrt(1e-5),
  }));
  ROUNDS.forEach((places, r) => {
    places.forEach((x, a) => {
      for (const metric of [0, 1]) {
        terms.push({
          metric,
          task: 1,
          x,
          group: r,
          arm: 10 * r + a,
          y: MEANS[r]![metric]![a]!,
          stddev: STDDEVS[metric]!,
        });
      }
    });
  });
  const prior = (a: Pick<Term, 'metric' | 'task' | 'x'>, b: Pick<Term, 'metric' | 'task' | 'x'>): number => {
    if (a.metric !== b.metric) return 0;
    const { scales, correlation: rho } = PARAMETERS[a.metric]!;
    return scales[a.task] * scales[b.task] * (a.task === b.task ? 1 : rho) * k(a.x, b.x);
  };
  const K = new Matrix(
    terms.map((a) =>
      terms.map((b) => {
        const constant = a.metric === b.metric && a.group === b.group ? 10 : 0;
        const error = a.arm !== b.arm ? 0 : (a.metric === b.metric ? 1 : correlation) * a.stddev * b.stddev;
        return prior(a, b) + constant + error;
      }),
    ),
  );
  const wanted = [0, 1].flatMap((metric) => Array.from(POINTS, (x) => ({ metric, task: 1 as const, x })));
  const lift = (a: (typeof wanted)[number], b: Term): number => prior(a, b) - prior({ ...a, x: BASELINE }, b);
  const C = new Matrix(wanted.map((a) => terms.map((b) => lift(a, b))));
  const solved = solve(K, C.transpose());
  const y = Matrix.columnVector(terms.map((term) => term.y));
  const mean = solved.transpose().mmul(y).to1DArray();
  const known = C.mmul(solved).diagonal();
  return {
    mean,
    variance: wanted.map((a, i) => {
      const own =
        prior(a, a) -
        2 * prior(a, { ...a, x: BASELINE }) +
        prior({ ...a, x: BASELINE }, { ...a, x: BASELINE });
      return own - known[i]!;
    }),
  };
}
