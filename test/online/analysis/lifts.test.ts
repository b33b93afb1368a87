import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import { differences, relativeLifts, standardErrors } from '../../../src/online/analysis/lifts.ts';
import { relativeMeans, statedLifts } from '../../../src/online/analysis/stated-lifts.ts';
import type { ArmMean } from '../../../src/online/readouts/arm-means.ts';

function mean(arm: string, value: number, sem: number): ArmMean {
  return { arm, mean: value, variance: sem ** 2, n: null };
}

const MEANS = [
  mean('a', 0.22, 0.004),
  mean('baseline', 0.2, 0.003),
  mean('b', 0.17, 0.005),
  mean('c', 0.2, 0.004),
];
const NAMES = ['a', 'b', 'c'];

describe('relativeLifts', () => {
  it('is the delta method with derivatives taken by central differences', () => {
    for (const sign of [1, -1]) {
      const means = MEANS.map((of) => ({ ...of, mean: sign * of.mean }));
      const { arms, estimates, covariance } = relativeLifts(means, 'baseline');
      expect(arms).deep.equal(NAMES);
      expect(estimates[0]).closeTo(sign * 0.1, 1e-15);
      const step = 1e-6;
      const slopes = means.map((_, k) => {
        const shifted = (by: number): Float64Array =>
          relativeLifts(
            means.map((of, i) => (i === k ? { ...of, mean: of.mean + by } : of)),
            'baseline',
          ).estimates;
        const up = shifted(step);
        const down = shifted(-step);
        return up.map((value, i) => (value - down[i]!) / (2 * step));
      });
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          const propagated = means.reduce(
            (sum, { variance }, k) => sum + slopes[k]![i]! * slopes[k]![j]! * variance,
            0,
          );
          expect(covariance[i * 3 + j]).closeTo(propagated, 1e-11);
        }
      }
    }
  });

  it('is the covariance of simulated lifts, which the shared control correlates', () => {
    const random = randomStream(6, 'lifts');
    const draws = 50_000;
    const { estimates, covariance } = relativeLifts(MEANS, 'baseline');
    const products = new Float64Array(9);
    for (let draw = 0; draw < draws; draw++) {
      const measured = MEANS.map((of) => ({
        ...of,
        mean: of.mean + Math.sqrt(of.variance) * random.normal(),
      }));
      const off = relativeLifts(measured, 'baseline').estimates.map((lift, i) => lift - estimates[i]!);
      products.forEach((_, at) => (products[at]! += (off[Math.floor(at / 3)]! * off[at % 3]!) / draws));
    }
    products.forEach((product, at) => {
      const i = Math.floor(at / 3);
      const j = at % 3;
      const size = Math.sqrt(covariance[i * 4]! * covariance[j * 4]!);
      // The ratio's second-order terms, of the control's squared coefficient of variation, 2e-4, are below this.
      expect(Math.abs(product - covariance[at]!)).below(5 * Math.SQRT2 * (size / Math.sqrt(draws)));
    });
    expect(covariance[1]! / Math.sqrt(covariance[0]! * covariance[4]!)).above(0.25);
  });

  it('does not depend on the unit', () => {
    const { estimates, covariance } = relativeLifts(MEANS, 'baseline');
    const percent = MEANS.map((of) => ({ ...of, mean: 100 * of.mean, variance: 1e4 * of.variance }));
    const scaled = relativeLifts(percent, 'baseline');
    scaled.estimates.forEach((lift, i) => expect(lift).closeTo(estimates[i]!, 1e-14));
    scaled.covariance.forEach((entry, i) => expect(entry).closeTo(covariance[i]!, 1e-16));
  });

  it('refuses a control that is near 0, and one that is missing', () => {
    expect(() => relativeLifts([mean('baseline', 0.2, 0.03), mean('a', 1, 1)], 'baseline'))
      .throw(
        DomainError,
        'baseline has a mean of 0.2 ± 0.03: expected one at least ten standard errors from 0, or differences instead',
      )
      .with.property('code', 'readout_invalid');
    expect(() => relativeLifts([mean('baseline', 0, 0)], 'baseline')).throw(
      DomainError,
      'baseline has a mean of 0 ± 0: expected one at least ten standard errors from 0',
    );
    expect(() => differences([mean('a', 1, 1)], 'baseline')).throw(
      DomainError,
      "has no mean of baseline: expected the control's beside the arms'",
    );
  });
});

describe('differences', () => {
  it('share the variance of the control', () => {
    const { arms, estimates, covariance } = differences(
      [mean('baseline', 1, 2), mean('a', 3, 1), mean('b', 0, 3)],
      'baseline',
    );
    expect(arms).deep.equal(['a', 'b']);
    expect([...estimates]).deep.equal([2, -1]);
    expect([...covariance]).deep.equal([5, 4, 4, 13]);
  });
});

describe('statedLifts', () => {
  const exact = relativeLifts(MEANS, 'baseline');
  const errors = standardErrors(exact);
  const arms = Object.fromEntries(
    NAMES.map((arm, i) => [arm, { lift: exact.estimates[i]!, sem: errors[i]! }]),
  );

  it('are the lifts of the means that they were made of, where the control’s sem is told', () => {
    const withControl = { ...arms, baseline: { lift: 0, sem: 0.003 / 0.2 } };
    const {
      estimates,
      covariance,
      arms: names,
    } = statedLifts({ kind: 'volume', adjusted: false, arms: withControl }, {}, 'baseline');
    expect(names).deep.equal(NAMES);
    expect([...estimates]).deep.equal([...exact.estimates]);
    covariance.forEach((entry, i) => expect(entry).closeTo(exact.covariance[i]!, 1e-15));
  });

  it('are so too by the sizes of the groups, where the metric spreads alike', () => {
    const units = { baseline: 9000, a: 4000, b: 5000 };
    const alike = [
      mean('baseline', 2, 3 / Math.sqrt(9000)),
      mean('a', 2.2, 3 / Math.sqrt(4000)),
      mean('b', 1.9, 3 / Math.sqrt(5000)),
    ];
    const lifts = relativeLifts(alike, 'baseline');
    const sems = standardErrors(lifts);
    const stated = {
      a: { lift: lifts.estimates[0]!, sem: sems[0]!, n: 4000 },
      b: { lift: lifts.estimates[1]!, sem: sems[1]! },
    };
    const { covariance } = statedLifts({ kind: 'volume', adjusted: false, arms: stated }, units, 'baseline');
    covariance.forEach((entry, i) => expect(entry).closeTo(lifts.covariance[i]!, 1e-15));
  });

  it('refuses what is no lift, has no units, or is surer than its control', () => {
    const readout = { kind: 'volume', adjusted: false } as const;
    expect(() => statedLifts({ ...readout, arms: { a: { mean: 1, sem: 1 } } }, {}, 'baseline')).throw(
      DomainError,
      'a has no lift: expected {lift, sem}',
    );
    expect(() => statedLifts({ ...readout, arms }, { a: 1, b: 1, c: 1 }, 'baseline')).throw(
      DomainError,
      'baseline has no units: expected a count of them',
    );
    const sure = { a: { lift: 0, sem: 0.01 }, baseline: { lift: 0, sem: 0.02 } };
    expect(() => statedLifts({ ...readout, arms: sure }, {}, 'baseline')).throw(
      DomainError,
      "a has a lift with a sem of 0.01: expected more than its control's part, 0.02",
    );
  });
});

describe('relativeMeans', () => {
  it('have the lifts and the covariance that were stated, by the delta method', () => {
    const units = { baseline: 4000, a: 2000, b: 1000 };
    for (const control of [{}, { baseline: { lift: 0, sem: 0.01 } }]) {
      const arms = { ...control, a: { lift: 0.1, sem: 0.03 }, b: { lift: -0.05, sem: 0.04 } };
      const readout = { kind: 'volume', adjusted: false, arms } as const;
      const means = relativeMeans(readout, units, 'baseline');
      expect(means[0]).to.include({ arm: 'baseline', mean: 1 });
      const stated = statedLifts(readout, units, 'baseline');
      const again = relativeLifts(means, 'baseline');
      expect(again.arms).to.deep.equal(stated.arms);
      stated.estimates.forEach((value, i) => expect(again.estimates[i]).to.be.closeTo(value, 1e-15));
      stated.covariance.forEach((value, at) => expect(again.covariance[at]).to.be.closeTo(value, 1e-15));
    }
  });
});
