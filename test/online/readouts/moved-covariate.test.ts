import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import type { MeasuredSums, MetricReadout } from '../../../src/domain/readout.ts';
import { checkReadout, standingRefusals } from '../../../src/online/readouts/check-readout.ts';
import {
  COVARIATE_LEVEL,
  movedCovariateFindings,
} from '../../../src/online/readouts/gates/moved-covariate.ts';
import { GOOD, metric, PLANNED, TIME } from './experiment.ts';

/** Sums of `n` users of a metric of mean 1 that does not go with its covariate, which has this mean and this sum of squares about it. */
function sums(n: number, mean: number, squares: number): Required<MeasuredSums> {
  const covariate = { sum: n * mean, sumOfSquares: squares + n * mean * mean, sumOfProducts: n * mean };
  return { n, sum: n, sumOfSquares: 2 * n, covariate };
}

const find = (metrics: Record<string, MetricReadout>): readonly string[] =>
  movedCovariateFindings(metrics, 'baseline').map(
    ({ severity, metric: name, arm, message }) => `${severity} ${name} ${arm} ${message}`,
  );

/** Sums of `n` users whose covariate is `x` of all. */
const constant = (x: number, n = 1000): Required<MeasuredSums> => {
  let [sum, sumOfSquares] = [0, 0];
  for (let i = 0; i < n; i++) [sum, sumOfSquares] = [sum + x, sumOfSquares + x * x];
  return { ...sums(n, x, 0), covariate: { sum, sumOfSquares, sumOfProducts: sum } };
};

const ofConstants = (a: number, b: number) => ({
  m: metric('volume', { baseline: constant(a), 'arm-1': constant(b, 1301) }),
});

describe('the gate of moved covariates', () => {
  it('refuses a covariate that an arm has more of than chance gives', () => {
    // s² = 4 in both arms of 400 users: z = 0.7/√(2·4/400) = 4.9497, p = 2Φ(−4.9497) = 7.43e-7.
    const squares = 4 * 399;
    const moved = metric('volume', { baseline: sums(400, 3, squares), 'arm-1': sums(400, 3.7, squares) });
    expect(find({ clicks: moved })).deep.equal([
      'refuse clicks arm-1 has a covariate with a mean of 3.7, and baseline has 3, p = 7.4e-7: expected p of at least 0.001, as a covariate of the time before the experiment cannot be moved by it',
    ]);
  });

  it('shares its level among all metrics and arms', () => {
    // z = 3.5, p = 4.65e-4: beyond chance by itself, and not as one of four.
    const squares = 4 * 399;
    const apart = 3.5 * Math.sqrt(8 / 400);
    const same = sums(400, 3, squares);
    const alone = metric('volume', { baseline: same, 'arm-1': sums(400, 3 + apart, squares) });
    const four = metric('volume', {
      ...alone.arms,
      'arm-2': same,
      'arm-3': same,
      'arm-4': same,
    });
    const other = metric('volume', { baseline: same, 'arm-1': same, 'arm-2': same });
    expect(find({ clicks: alone })).length(1);
    expect(find({ clicks: four })).deep.equal([]);
    expect(find({ clicks: alone, saves: other })).deep.equal([]);
  });

  it('compares constants without a spread, but for their rounding', () => {
    expect(find(ofConstants(0, 0))).deep.equal([]);
    expect(find(ofConstants(0.1, 0.1))).deep.equal([]);
    expect(find(ofConstants(0.1, 0.2))[0]).contain('p < 1e-300');
    expect(find(ofConstants(0, 1))).length(1);
  });

  it('finds nothing where there is nothing to compare', () => {
    const one = sums(400, 3, 1600);
    const { covariate: _, ...plain } = one;
    expect(find({ m: metric('volume', { 'arm-1': one, 'arm-2': sums(400, 9, 1600) }) })).deep.equal([]);
    expect(find({ m: metric('volume', { baseline: plain, 'arm-1': plain }) })).deep.equal([]);
    expect(find(GOOD.metrics)).deep.equal([]);
  });

  it('is one of the gates of a readout, and may be forced', () => {
    const baseline = sums(20_000, 3, 80_000);
    const clicks = metric('volume', {
      baseline,
      'arm-1': sums(10_000, 3.2, 40_000),
      'arm-2': sums(10_100, 3, 40_400),
    });
    const findings = checkReadout({ ...GOOD, metrics: { clicks } }, PLANNED, TIME);
    expect(findings.map(({ gate, arm }) => `${gate} ${arm}`)).deep.equal(['moved_covariate arm-1']);
    expect(standingRefusals(findings, ['moved_covariate'])).deep.equal([]);
  });

  it('refuses sound readouts as seldom as it says, and finds what the experiment moved', () => {
    const random = randomStream(11, 'covariates');
    const readouts = 100_000;
    // 2 metrics by 3 arms of unequal size: normal means of skewed users, of their own spreads.
    const arms = { baseline: 4000, 'arm-1': 1000, 'arm-2': 2000, 'arm-3': 1000 };
    const readout = (shift: number): Record<string, MetricReadout> =>
      Object.fromEntries(
        ['clicks', 'saves'].map((name) => [
          name,
          metric(
            'volume',
            Object.fromEntries(
              Object.entries(arms).map(([arm, n]) => {
                const effect = name === 'clicks' && arm === 'arm-2' ? shift : 0;
                const mean = 5 + effect + (3 / Math.sqrt(n)) * random.normal();
                return [arm, sums(n, mean, 9 * (n - 1))];
              }),
            ),
          ),
        ]),
      );
    let refused = 0;
    for (let i = 0; i < readouts; i++) refused += Number(find(readout(0)).length > 0);
    // Bonferroni promises 0.001 at most; that comparisons share a control costs it little.
    const share = refused / readouts;
    const error = Math.sqrt(COVARIATE_LEVEL / readouts);
    expect(share).within(0.9 * COVARIATE_LEVEL - 4 * error, COVARIATE_LEVEL + 4 * error);

    // The critical |z| at 0.001/6 is 3.76, so that a shift of 3.76 standard errors is found every second time.
    const critical = 3.7648;
    const standardError = 3 * Math.sqrt(1 / 2000 + 1 / 4000);
    let found = 0;
    const trials = 4000;
    for (let i = 0; i < trials; i++) {
      const lines = find(readout(critical * standardError));
      found += Number(lines.some((line) => line.startsWith('refuse clicks arm-2 ')));
    }
    expect(found / trials).closeTo(0.5, 4 * Math.sqrt(0.25 / trials));
  });
});
