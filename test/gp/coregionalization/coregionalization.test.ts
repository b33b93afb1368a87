import { expect } from 'chai';
import * as fc from 'fast-check';
import { conditionCoregionalized } from '../../../gp/coregionalization/coregionalization.ts';
import { checkMultiTaskData, stackTasks, type MultiTaskData } from '../../../gp/coregionalization/data.ts';
import type { CoregionalizedHyperparameters } from '../../../gp/coregionalization/hyperparameters.ts';
import { coregionalizedLeaveOneOut } from '../../../gp/coregionalization/leave-one-out.ts';
import { jointTaskPosterior, predictTask, predictTaskMany } from '../../../gp/coregionalization/posterior.ts';
import { condition } from '../../../gp/gaussian-process.ts';
import { leaveOneOut } from '../../../gp/cross-validation.ts';
import type { Hyperparameters } from '../../../gp/hyperparameters.ts';
import { predictMany } from '../../../gp/posterior.ts';
import { standardization } from '../../../gp/standardize.ts';
import { readGolden } from '../../golden/read-golden.ts';
import { goldenData, goldenHyperparameters, type CoregionalizedCase } from './golden.ts';
import { flat } from '../golden-case.ts';
import { restated } from '../restated.ts';
import { rescaled, trainingSet } from '../training-set.ts';

const goldens = readGolden<CoregionalizedCase[]>('icm-posterior');

const twoTasks = (rho: number, scales: readonly [number, number]): CoregionalizedHyperparameters => ({
  kernel: 'matern52',
  lengthscales: [0.6, 0.9],
  scales,
  correlation: [1, rho, rho, 1],
  noiseVariances: [0.02, 0.05],
  means: [0.1, -0.2],
  logPosterior: NaN,
  jitter: 0,
});
const alone = (h: CoregionalizedHyperparameters, t: number): Hyperparameters => ({
  kernel: h.kernel,
  lengthscales: h.lengthscales,
  outputscale: h.scales[t]! ** 2,
  noiseVariance: h.noiseVariances[t]!,
  mean: h.means[t]!,
  meanVariance: 0,
  logPosterior: NaN,
  jitter: 0,
});
const probes = trainingSet(12, 2, { seed: 77 }).X;

describe('jointTaskPosterior', () => {
  it('has the means and covariances of BoTorch, across tasks too', () => {
    for (const golden of goldens) {
      const process = conditionCoregionalized(goldenData(golden), goldenHyperparameters(golden));
      const { mean, covariance } = jointTaskPosterior(process, golden.task_test, flat(golden.X_test));
      golden.posterior_mean.forEach((expected, i) => expect(mean[i]!).to.be.closeTo(expected, 1e-8));
      golden.posterior_cov.flat().forEach((expected, k) => {
        expect(covariance[k]!).to.be.closeTo(expected, 1e-8);
      });
      golden.task_test.forEach((task, i) => {
        const { mean, variance } = predictTask(process, task, Float64Array.from(golden.X_test[i]!));
        expect(mean).to.be.closeTo(golden.posterior_mean[i]!, 1e-8);
        expect(variance).to.be.closeTo(golden.posterior_cov[i]![i]!, 1e-8);
      });
    }
  });
});

describe('conditionCoregionalized', () => {
  it('separates uncorrelated tasks into two independent processes', () => {
    const sets = [trainingSet(9, 2, { seed: 1 }), rescaled(trainingSet(7, 2, { seed: 2 }), 1e3, 5)] as const;
    const h = twoTasks(0, [0.8, 1.3]);
    const process = conditionCoregionalized(stackTasks(sets), h);
    sets.forEach((data, t) => {
      const expected = predictMany(condition(data, alone(h, t)), probes);
      const found = predictTaskMany(process, t, probes);
      const unit = standardization(data.y).stddev;
      expected.mean.forEach((m, i) => expect(found.mean[i]! / unit).to.be.closeTo(m / unit, 1e-12));
      expected.variance.forEach((v, i) => {
        expect(found.variance[i]! / unit ** 2).to.be.closeTo(v / unit ** 2, 1e-12);
      });
    });
  });

  it('pools perfectly correlated tasks with equal data into one process', () => {
    const data = trainingSet(8, 2);
    const h = { ...twoTasks(1, [0.9, 0.9]), noiseVariances: [0.02, 0.02], means: [0.1, 0.1] };
    const process = conditionCoregionalized(stackTasks([data, data]), h);
    const pooled = {
      ...data,
      X: Float64Array.of(...data.X, ...data.X),
      y: Float64Array.of(...data.y, ...data.y),
    };
    const same = restated(alone(h, 0), standardization(data.y), standardization(pooled.y));
    const expected = predictMany(condition(pooled, same), probes);
    for (const t of [0, 1]) {
      const found = predictTaskMany(process, t, probes);
      expected.mean.forEach((m, i) => expect(found.mean[i]!).to.be.closeTo(m, 1e-10));
      expected.variance.forEach((v, i) => expect(found.variance[i]!).to.be.closeTo(v, 1e-10));
    }
  });

  it('learns more of a task the stronger the correlation, whatever its sign, and mirrors it', () => {
    const sets = [trainingSet(12, 2, { seed: 3 }), trainingSet(4, 2, { seed: 4 })];
    const data = stackTasks(sets);
    const mirrored = stackTasks([rescaled(sets[0]!, -1), sets[1]!]);
    const correlation = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(correlation, correlation, (a, b) => {
        const at = (rho: number) =>
          predictTaskMany(conditionCoregionalized(data, twoTasks(rho, [1, 1])), 1, probes);
        const [weak, strong] = [at(Math.min(a, b)), at(Math.max(a, b))];
        strong.variance.forEach((v, i) => expect(v).to.be.at.most(weak.variance[i]! + 1e-12));
        const h = twoTasks(-b, [1, 1]);
        const flipped = conditionCoregionalized(mirrored, { ...h, means: [-h.means[0]!, h.means[1]!] });
        const expected = at(b);
        const found = predictTaskMany(flipped, 1, probes);
        found.mean.forEach((m, i) => expect(m).to.be.closeTo(expected.mean[i]!, 1e-10));
      }),
      { numRuns: 40 },
    );
  });

  it('refuses malformed data and hyperparameters, naming the value', () => {
    const data = stackTasks([trainingSet(3, 2), trainingSet(3, 2, { seed: 2 })]);
    const h = twoTasks(0.5, [1, 1]);
    const malformed: readonly (readonly [MultiTaskData, string])[] = [
      [{ ...data, task: new Int32Array(5) }, '5'],
      [{ ...data, task: data.task.with(0, 7) }, '7'],
      [{ ...data, task: new Int32Array(6) }, 'task 1'],
      [{ ...data, taskCount: 0 }, '0 tasks'],
      [{ ...data, y: data.y.with(2, NaN) }, 'NaN'],
      [{ ...data, noiseVariance: data.noiseVariance.with(2, -3) }, '-3'],
      [{ ...data, X: new Float64Array(11) }, '11'],
    ];
    for (const [bad, value] of malformed) {
      expect(() => checkMultiTaskData(bad)).to.throw(RangeError, value);
      expect(() => conditionCoregionalized(bad, h)).to.throw(RangeError, value);
    }
    expect(() => conditionCoregionalized(data, { ...h, lengthscales: [1] })).to.throw(RangeError, '1');
    expect(() => conditionCoregionalized(data, { ...h, scales: [1] })).to.throw(RangeError, '1');
    expect(() => stackTasks([])).to.throw(RangeError);
    expect(() => stackTasks([trainingSet(3, 2), trainingSet(3, 1)])).to.throw(RangeError, '1');
    const process = conditionCoregionalized(data, h);
    expect(() => predictTask(process, 2, Float64Array.of(0, 0))).to.throw(RangeError, '2');
    expect(() => predictTask(process, 0, new Float64Array(3))).to.throw(RangeError, '3');
    expect(() => predictTaskMany(process, 0, new Float64Array(3))).to.throw(RangeError, '3');
    expect(() => jointTaskPosterior(process, [0, 1, 1], new Float64Array(4))).to.throw(RangeError, '4');
  });
});

describe('stackTasks', () => {
  it('marks exact, inferred and known noise by 0, NaN and the variance', () => {
    const data = stackTasks([
      trainingSet(2, 1, { noise: { kind: 'none' } }),
      trainingSet(1, 1, { noise: { kind: 'inferred' } }),
      trainingSet(2, 1, { noise: { kind: 'known', variance: Float64Array.of(0.3, NaN) } }),
    ]);
    expect(Array.from(data.task)).to.deep.equal([0, 0, 1, 2, 2]);
    expect(Array.from(data.noiseVariance)).to.deep.equal([0, 0, NaN, 0.3, NaN]);
  });
});

describe('coregionalizedLeaveOneOut', () => {
  const sets = [trainingSet(8, 2, { seed: 5 }), trainingSet(6, 2, { seed: 6 })];
  const h = twoTasks(0.7, [1.1, 0.8]);

  it('is that of each task alone where they are uncorrelated', () => {
    const separate = twoTasks(0, [1.1, 0.8]);
    const whole = coregionalizedLeaveOneOut(conditionCoregionalized(stackTasks(sets), separate));
    const parts = sets.map((data, t) => leaveOneOut(condition(data, alone(separate, t))));
    const mean = parts.flatMap((part) => Array.from(part.mean));
    const variance = parts.flatMap((part) => Array.from(part.variance));
    mean.forEach((m, i) => expect(whole.mean[i]!).to.be.closeTo(m, 1e-11));
    variance.forEach((v, i) => expect(whole.variance[i]!).to.be.closeTo(v, 1e-11));
  });

  it('equals predicting each observation from a process without it', () => {
    const data = stackTasks(sets);
    const { mean, variance } = coregionalizedLeaveOneOut(conditionCoregionalized(data, h));
    for (const left of [0, 3, 8, 13]) {
      const keep = <T extends Float64Array | Int32Array>(values: T, width = 1): T =>
        values.filter((_, entry) => Math.floor(entry / width) !== left) as T;
      const others: MultiTaskData = {
        ...data,
        X: keep(data.X, 2),
        task: keep(data.task),
        y: keep(data.y),
        noiseVariance: keep(data.noiseVariance),
      };
      const t = data.task[left]!;
      const scales = [data, others].map((part) =>
        standardization(part.y.filter((_, i) => part.task[i] === t)),
      );
      const moved = restated(alone(h, t), scales[0]!, scales[1]!);
      const process = conditionCoregionalized(others, {
        ...h,
        scales: h.scales.with(t, Math.sqrt(moved.outputscale)),
        noiseVariances: h.noiseVariances.with(t, moved.noiseVariance),
        means: h.means.with(t, moved.mean),
      });
      const predicted = predictTask(process, t, data.X.slice(2 * left, 2 * left + 2));
      const noise = h.noiseVariances[t]! * scales[0]!.stddev ** 2;
      expect(mean[left]!).to.be.closeTo(predicted.mean, 1e-9);
      expect(variance[left]!).to.be.closeTo(predicted.variance + noise, 1e-9);
    }
  });
});
