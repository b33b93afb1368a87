import { expect } from 'chai';
import { leaveOneOut } from '../../gp/cross-validation.ts';
import { diagnose, inputImportances, rankCorrelation } from '../../gp/diagnostics.ts';
import { fitHyperparameters } from '../../gp/fit.ts';
import { condition } from '../../gp/gaussian-process.ts';
import { randomStream } from '../../math/random.ts';
import { trainingSet } from './training-set.ts';

describe('diagnose', () => {
  it('has the values of a hand calculation', () => {
    const observed = Float64Array.of(1, 2, 3, 4);
    const predicted = { mean: Float64Array.of(1, 3, 3, 2), variance: Float64Array.of(1, 1, 4, 1) };
    const found = diagnose(observed, predicted);
    // Errors 0, −1, 0, 2: residual 5 of 5; ranks 1, 3.5, 3.5, 2.
    expect(found.rSquared).to.be.closeTo(0, 1e-15);
    expect(found.rankCorrelation).to.be.closeTo(1.5 / Math.sqrt(5 * 4.5), 1e-15);
    expect(found.coverage).to.deep.equal([
      { level: 0.5, inside: 2, share: 0.5 },
      { level: 0.9, inside: 3, share: 0.75 },
      { level: 0.95, inside: 3, share: 0.75 },
    ]);
    const logDensity = -0.5 * Math.log(2 * Math.PI) - (0.5 + 2 + Math.log(2)) / 4;
    expect(found.meanLogPredictiveDensity).to.be.closeTo(logDensity, 1e-14);
  });

  it('covers at the nominal rates where the predictions are right, within 4 standard errors', () => {
    const n = 20_000;
    const random = randomStream(3, 'coverage');
    const means = Float64Array.from({ length: n }, () => random.normal());
    const variance = Float64Array.from({ length: n }, () => 0.5 + random.uniform());
    const observed = means.map((m, i) => m + Math.sqrt(variance[i]!) * random.normal());
    for (const { level, share } of diagnose(observed, { mean: means, variance }).coverage) {
      expect(share).to.be.closeTo(level, 4 * Math.sqrt((level * (1 - level)) / n));
    }
  });

  it('praises a model of a smooth function and not one of noise', () => {
    const smooth = trainingSet(40, 2, { noiseStddev: 0.05 });
    const random = randomStream(4, 'noise');
    const noise = { ...smooth, y: smooth.y.map(() => random.normal()) };
    const [good, bad] = [smooth, noise].map((data) => {
      const gp = condition(data, fitHyperparameters(data));
      return diagnose(data.y, leaveOneOut(gp));
    });
    expect(good!.rSquared).to.be.greaterThan(0.95);
    expect(good!.rankCorrelation).to.be.greaterThan(0.95);
    expect(bad!.rSquared).to.be.lessThan(0.3);
    expect(good!.meanLogPredictiveDensity).to.be.greaterThan(bad!.meanLogPredictiveDensity + 1);
  });

  it('says that constant outputs have no R² and no ranks', () => {
    const predicted = { mean: Float64Array.of(1, 2), variance: Float64Array.of(1, 1) };
    const found = diagnose(Float64Array.of(5, 5), predicted);
    expect(found.rSquared).to.equal(undefined);
    expect(found.rankCorrelation).to.equal(undefined);
  });

  it('refuses lengths that disagree, nothing, and a variance of 0', () => {
    const one = Float64Array.of(1);
    expect(() => diagnose(one, { mean: one, variance: new Float64Array(2) })).to.throw(RangeError, '2');
    expect(() => diagnose(one, { mean: one, variance: Float64Array.of(0) })).to.throw(RangeError, '0');
    const none = new Float64Array(0);
    expect(() => diagnose(none, { mean: none, variance: none })).to.throw(RangeError, '0');
  });
});

describe('rankCorrelation', () => {
  it('is ±1 for any monotone relation', () => {
    const a = Float64Array.of(3, 1, 2, 10);
    expect(rankCorrelation(a, a.map(Math.exp))).to.be.closeTo(1, 1e-15);
    expect(
      rankCorrelation(
        a,
        a.map((value) => -(value ** 3)),
      ),
    ).to.be.closeTo(-1, 1e-15);
  });
});

describe('inputImportances', () => {
  it('are shares of the inverse lengthscales', () => {
    expect(inputImportances([1, 0.5, 2])).to.deep.equal([2 / 7, 4 / 7, 1 / 7]);
  });

  it('rank the input that the outputs depend on most first', () => {
    const data = trainingSet(40, 3, { noiseStddev: 0.02 });
    const [first, second, third] = inputImportances(fitHyperparameters(data).lengthscales);
    expect(first).to.be.greaterThan(second!);
    expect(second).to.be.greaterThan(third!);
  });
});
