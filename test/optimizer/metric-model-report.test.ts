import { expect } from 'chai';
import { condition } from '../../gp/gaussian-process.ts';
import { predict } from '../../gp/posterior.ts';
import { standardization } from '../../gp/standardize.ts';
import type { TrainingData } from '../../gp/training-data.ts';
import { type Random, randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observation, Trial } from '../../src/domain/trial.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { metricModelReport } from '../../src/optimizer/metric-model-report.ts';
import { metricScale } from '../../src/optimizer/metric-scale.ts';
import type { NoiseReport } from '../../src/optimizer/noise-report.ts';
import { trainingData } from '../../src/optimizer/training-data.ts';
import { restated } from '../gp/restated.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const COUNT = 14;
const OUTLIER = -1e3;
/** Half-widths of the central intervals of a standard normal, from tables. */
const HALF_WIDTHS = { 0.5: 0.67449, 0.9: 1.64485, 0.95: 1.95996 } as const;
/** Rounding by condition numbers of 1e8 or so. */
const TOLERANCE = 1e-6;

const NOISE_FREE = { metrics: { gain: { noise: 'none' } } };

function study(keys: Readonly<Record<string, unknown>>, count = COUNT): StudyDefinition {
  return smallDefinition({ initialTrials: count, ...keys });
}

/** A smooth gain, each observation as `observe` makes it of the exact value. */
function trialsOf(
  definition: StudyDefinition,
  count: number,
  observe: (exact: number, i: number) => Observation = (mean) => ({ mean, sem: null }),
): readonly Trial[] {
  return initialCandidates(definition, [], count).map(({ weights }, i) => {
    const { a, b } = weights as Record<'a' | 'b', number>;
    const gain = observe(Math.sin(4 * a) - 2 * (b - 0.4) ** 2, i);
    return { ...completedTrial(i + 1, weights, {}), observations: { gain } };
  });
}

function without({ dimension, X, y, noise }: TrainingData, left: number): TrainingData {
  const others = (_: number, i: number): boolean => i !== left;
  return {
    dimension,
    X: X.filter((_, at) => Math.floor(at / dimension) !== left),
    y: y.filter(others),
    noise: noise.kind === 'known' ? { kind: 'known', variance: noise.variance.filter(others) } : noise,
  };
}

/** Standardised errors of predicting each output from a process that is built of the others, and the predictions. */
function byRefitting(definition: StudyDefinition, trials: readonly Trial[]) {
  const scale = metricScale(definition, trials, 'gain');
  const data = trainingData(definition, encodeStudy(definition), trials, 'gain', scale);
  const h = fitMetric(definition, trials, 'gain');
  const whole = condition(data, h);
  const predicted = Array.from(data.y, (_, left) => {
    const others = without(data, left);
    const gp = condition(others, restated(h, whole.standardization, standardization(others.y)));
    const { mean, variance } = predict(gp, data.X.slice(left * data.dimension, (left + 1) * data.dimension));
    return { mean, stddev: Math.sqrt(variance + whole.noise[left]! * whole.standardization.stddev ** 2) };
  });
  return { y: [...data.y], predicted, stddev: whole.standardization.stddev };
}

describe('metricModelReport', () => {
  const random = randomStream(1, 'model-report');
  const cases = {
    'noise is inferred': (mean: number) => ({ mean: mean + 0.2 * random.normal(), sem: null }),
    'noise is given': (mean: number) => ({ mean: mean + 0.1 * random.normal(), sem: 0.1 }),
    'one is an outlier': (mean: number, i: number) => ({
      mean: i === 3 ? OUTLIER : mean + 0.1 * random.normal(),
      sem: 0.1,
    }),
  };
  for (const [what, observe] of Object.entries(cases)) {
    it(`has what comes of leaving each observation out and predicting it from the others, where ${what}`, () => {
      const definition = study({ metrics: {} });
      const trials = trialsOf(definition, COUNT, observe);
      const { leaveOneOut, winsorized } = metricModelReport(definition, trials, 'gain');
      const { y, predicted, stddev } = byRefitting(definition, trials);
      expect(winsorized).to.equal(what === 'one is an outlier' ? 1 : 0);

      const centre = y.reduce((sum, value) => sum + value, 0) / COUNT;
      const residual = y.reduce((sum, value, i) => sum + (value - predicted[i]!.mean) ** 2, 0);
      const total = y.reduce((sum, value) => sum + (value - centre) ** 2, 0);
      expect(leaveOneOut.rSquared).to.be.closeTo(1 - residual / total, TOLERANCE);
      expect(leaveOneOut.rankCorrelation).to.be.closeTo(
        spearman(
          y,
          predicted.map(({ mean }) => mean),
        ),
        TOLERANCE,
      );
      expect(leaveOneOut.coverage.map(({ level }) => String(level))).to.deep.equal(Object.keys(HALF_WIDTHS));
      const errors = y.map((value, i) => Math.abs(value - predicted[i]!.mean) / predicted[i]!.stddev);
      for (const { level, inside, share } of leaveOneOut.coverage) {
        const halfWidth = HALF_WIDTHS[level as keyof typeof HALF_WIDTHS];
        expect(inside).to.equal(errors.filter((error) => error <= halfWidth).length);
        expect(share).to.equal(inside / COUNT);
      }
      const densities = errors.map(
        (error, i) => -0.5 * (Math.log(2 * Math.PI) + error ** 2) - Math.log(predicted[i]!.stddev / stddev),
      );
      const meanDensity = densities.reduce((sum, density) => sum + density, 0) / COUNT;
      expect(leaveOneOut.standardizedLogDensity).to.be.closeTo(meanDensity, TOLERANCE);
    });
  }

  it('is the same whatever the units of the metric, but for the noise, which is in them', () => {
    const definition = study({ metrics: {} });
    const trials = trialsOf(definition, COUNT, (mean) => ({ mean: mean + 0.2 * random.normal(), sem: null }));
    const scaled = trials.map((trial) => ({
      ...trial,
      observations: { gain: { mean: 2 ** 60 * trial.observations['gain']!.mean, sem: null } },
    }));
    const { noise, ...rest } = metricModelReport(definition, trials, 'gain');
    const large = metricModelReport(definition, scaled, 'gain');
    expect(large).to.deep.equal({
      ...rest,
      noise: { ...noise, inferredStddev: 2 ** 60 * noise.inferredStddev! },
    });
  });

  it('gives lengthscales in the units of the weights, and of those that are not fixed', () => {
    const definition = smallDefinition({
      weights: { a: [0, 10], b: [2, 4], fixed: [1, 1] },
      sum: undefined,
      initialTrials: COUNT,
      ...NOISE_FREE,
    });
    const { lengthscales } = metricModelReport(definition, trialsOf(definition, COUNT), 'gain');
    expect(Object.keys(lengthscales)).to.deep.equal(['a', 'b']);
    const { a, b } = lengthscales as Record<'a' | 'b', (typeof lengthscales)[string]>;
    expect(a.lengthscale).to.be.closeTo(10 * a.inUnitCube, 1e-12);
    expect(b.lengthscale).to.be.closeTo(2 * b.inUnitCube, 1e-12);
    expect(a.importance + b.importance).to.be.closeTo(1, 1e-12);
    expect(a.importance / b.importance).to.be.closeTo(b.inUnitCube / a.inUnitCube, 1e-9);
  });

  it('says what is known of the noise: nothing where there is none, given, inferred, or both', () => {
    expect(noiseOf(random, NOISE_FREE, [null, 3])).to.deep.equal({
      kind: 'none',
      medianSem: null,
      inferredStddev: null,
    });
    expect(noiseOf(random, { metrics: {} }, [0.1, 0.3])).to.deep.equal({
      kind: 'known',
      medianSem: 0.2,
      inferredStddev: null,
    });
    const inferred = noiseOf(random, { metrics: { gain: { noise: 'inferred' } } }, [0.1, null]);
    expect(inferred).to.deep.include({ kind: 'inferred', medianSem: null });
    expect(inferred.inferredStddev).to.be.within(0.02, 0.5);
    const mixed = noiseOf(random, { metrics: {} }, [0.1, null]);
    expect(mixed).to.deep.include({ kind: 'mixed', medianSem: 0.1 });
    expect(mixed.inferredStddev).to.be.within(0.01, 0.5);
  });

  it('has no R² and no ranks of a metric that is constant up to rounding', () => {
    const definition = study(NOISE_FREE);
    const values = [0.3, 0.1 + 0.2];
    const trials = trialsOf(definition, COUNT, (_, i) => ({ mean: values[i % 2]!, sem: null }));
    const { leaveOneOut } = metricModelReport(definition, trials, 'gain');
    expect(leaveOneOut).to.include({ rSquared: null, rankCorrelation: null });
    expect(leaveOneOut.coverage.map(({ inside }) => inside)).to.deep.equal([COUNT, COUNT, COUNT]);
  });

  it('foretells all observations where the hyperparameters are fitted on some', () => {
    const many = 310;
    const definition = study({ ...NOISE_FREE, initialTrials: 1 }, 1);
    const points = randomStream(2, 'many');
    const trials = Array.from({ length: many }, (_, i) => {
      const [a, b] = [points.uniform() / 2, points.uniform() / 2];
      return completedTrial(i + 1, { a, b, c: 1 - a - b }, { gain: Math.sin(4 * a) - b });
    });
    const report = metricModelReport(definition, trials, 'gain');
    expect(report).to.include({ observations: many, fittedOn: 300 });
    expect(report.leaveOneOut.rSquared).to.be.within(0.999, 1);
  });
});

/** What the report says of noise where the trials have these sems in turn. */
function noiseOf(random: Random, keys: object, sems: readonly (number | null)[]): NoiseReport {
  const definition = study({ ...keys });
  const trials = trialsOf(definition, COUNT, (mean, i) => ({
    mean: mean + 0.1 * random.normal(),
    sem: sems[i % sems.length]!,
  }));
  return metricModelReport(definition, trials, 'gain').noise;
}

/** Pearson's correlation of ranks. */
function spearman(a: readonly number[], b: readonly number[]): number {
  const [p, q] = [centredRanks(a), centredRanks(b)];
  return product(p, q) / Math.sqrt(product(p, p) * product(q, q));
}

/** A winsorised value ties with the one at the edge. */
function centredRanks(values: readonly number[]): readonly number[] {
  const ranks = values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length + 1) / 2;
  });
  return ranks.map((rank) => rank - (values.length + 1) / 2);
}

function product(u: readonly number[], v: readonly number[]): number {
  return u.reduce((sum, value, i) => sum + value * v[i]!, 0);
}
