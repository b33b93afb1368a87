import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import type { MetricReadout } from '../../../src/domain/readout.ts';
import { impossibleSemFindings } from '../../../src/online/readouts/gates/impossible-sem.ts';
import { metric, UNITS } from './experiment.ts';
import { sumsOf } from './sums-of-users.ts';

/** What the gate finds, a line each. */
const find = (readout: MetricReadout): readonly string[] =>
  impossibleSemFindings('m', readout, UNITS, 'baseline').map(({ arm, message }) => `${arm} ${message}`);

/** y = 0, 1, 2, …, n − 1 and x = y + e, e = ±spread by turns. */
const withCovariate = (n: number, spread: number, sign = 1): MetricReadout => {
  const y = Array.from({ length: n }, (_, i) => i);
  const x = y.map((value) => sign * value + (value % 2 === 0 ? spread : -spread));
  return metric('volume', { baseline: sumsOf(y, x) });
};

describe('the gate of impossible standard errors', () => {
  it('knows the standard error of a share', () => {
    expect(find(metric('propensity', { baseline: { mean: 0.2, sem: 0.0028 } }))).deep.equal([]);
    expect(find(metric('propensity', { baseline: { mean: 0.2, sem: 0.002 } }))).deep.equal([
      'baseline has a sem of 0.002: expected about √(p(1 − p)/n) = 0.00283',
    ]);
    expect(find(metric('propensity', { baseline: { mean: 0.2, sem: 0.4 } }))).deep.equal([
      'baseline has a sem of 0.4 (this looks like a standard deviation): expected about √(p(1 − p)/n) = 0.00283',
    ]);
    expect(find(metric('propensity', { baseline: { mean: 0.2, sem: 0.028, n: 204 } }))).deep.equal([]);
    expect(find(metric('propensity', { baseline: { mean: 0, sem: 0 } }))).deep.equal([]);
  });

  it('takes every share that is rounded to two digits', () => {
    const random = randomStream(4, 'rounded');
    for (let i = 0; i < 3000; i++) {
      const p = 0.001 + 0.9 * random.uniform() ** 3;
      const n = 100 + random.integer(1e6);
      const mean = Number(p.toPrecision(2));
      const sem = Number(Math.sqrt((p * (1 - p)) / n).toPrecision(2));
      expect(find(metric('propensity', { baseline: { mean, sem, n } })), `${mean} ${sem} ${n}`).deep.equal(
        [],
      );
    }
  });

  it('allows less where the variance was reduced, but not nothing', () => {
    expect(find(metric('propensity', { baseline: { mean: 0.2, sem: 0.001 } }, true))).deep.equal([]);
    expect(find(metric('propensity', { baseline: { mean: 0.2, sem: 0 } }, true))).length(1);
    expect(find(metric('propensity', { baseline: { mean: 0.2, sem: 0.005 } }, true))).length(1);
    // √(1 − 0.9999²) = 0.01414 of 0.00283
    expect(find(metric('propensity', { baseline: { mean: 0.2, sem: 0.000039 } }, true))).length(1);
    expect(find(metric('propensity', { baseline: { mean: 0.2, sem: 0.000041 } }, true))).deep.equal([]);
  });

  it('knows the sums of a share', () => {
    expect(find(metric('propensity', { baseline: { n: 10, sum: 3, sumOfSquares: 3 } }))).deep.equal([]);
    expect(find(metric('propensity', { baseline: { n: 10, sum: 3, sumOfSquares: 5 } }))).deep.equal([
      'baseline has sum 3, sumOfSquares 5 of 10 users: expected equal ones of at most n, as each user counts 0 or 1',
    ]);
  });

  it('knows that no covariate explains the whole of a metric', () => {
    expect(find(withCovariate(100, 0))).deep.equal([
      'baseline has a correlation of 1.000000 with its covariate, which leaves no error: expected at most 0.9999 in size, of a covariate of the time before the experiment',
    ]);
    expect(find(withCovariate(100, 0, -1))[0]).contain('a correlation of -1.000000');
    // 1 − ρ² is about spread²/(n²/12): 1.2e-4, and 1.2e-2.
    expect(find(withCovariate(100, 0.3))).length(1);
    expect(find(withCovariate(100, 3))).deep.equal([]);
    expect(find(withCovariate(3, 0)), 'few units are on a line by chance').deep.equal([]);
  });

  it('leaves covariates alone that are constant, but for rounding', () => {
    const x = 0.1;
    let [sum, sumOfSquares] = [0, 0];
    for (let i = 0; i < 1000; i++) [sum, sumOfSquares] = [sum + x, sumOfSquares + x * x];
    const covariate = { sum, sumOfSquares, sumOfProducts: 0.3 * sum };
    const arms = { baseline: { n: 1000, sum: 300, sumOfSquares: 300, covariate } };
    expect(find(metric('propensity', arms))).deep.equal([]);
  });

  it('knows that a lift is uncertain', () => {
    const arms = {
      baseline: { lift: 0, sem: 0 },
      'arm-1': { lift: 0.1, sem: 0 },
      'arm-2': { lift: 0, sem: 0.1 },
    };
    expect(find(metric('propensity', arms))).deep.equal([
      'arm-1 has a lift without error: expected a sem above 0',
    ]);
  });

  it('knows that volumes spread, in all arms alike', () => {
    expect(find(metric('volume', { baseline: { mean: 3, sem: 0 } }))).deep.equal([
      'baseline has no spread between users: expected a sem above 0',
    ]);
    expect(find(metric('volume', { baseline: { n: 5, sum: 10, sumOfSquares: 20 } }))).length(1);
    const arms = { baseline: { mean: 3, sem: 0.03 }, 'arm-1': { mean: 3, sem: 3 } };
    expect(find(metric('volume', arms))).deep.equal([
      "arm-1 its standard deviation, sem·√n, is 71 times the control's: expected at most 3 times more or less",
    ]);
    expect(find(metric('volume', { ...arms, 'arm-1': { mean: 3, sem: 0.05 } }))).deep.equal([]);
  });
});
