import { expect } from 'chai';
import { normalQuantile } from '../../../math/normal-quantile.ts';
import { randomStream } from '../../../math/random.ts';
import { criticalValue } from '../../../src/online/plan/critical-value.ts';
import { detectableEffect, requiredUnits } from '../../../src/online/plan/detectable-effect.ts';
import { sharpestControlShare, splitTraffic } from '../../../src/online/plan/traffic-split.ts';

const METRIC = { mean: 0.2, stddev: 0.4 };

describe('splitTraffic', () => {
  it('makes equal groups unless a share of the control is named', () => {
    expect(splitTraffic(900, 8)).deep.equal({ arms: 8, controlUnits: 100, armUnits: 100 });
    expect(splitTraffic(900, 4, 1 / 3)).deep.equal({
      arms: 4,
      controlUnits: 300,
      armUnits: 150.00000000000003,
    });
  });

  it('has √K units in the control for one in each arm where comparisons are sharpest', () => {
    for (const arms of [1, 2, 9, 30]) {
      const variance = (share: number): number => {
        const { controlUnits, armUnits } = splitTraffic(1, arms, share);
        return 1 / controlUnits + 1 / armUnits;
      };
      const share = sharpestControlShare(arms);
      const { controlUnits, armUnits } = splitTraffic(1, arms, share);
      expect(controlUnits / armUnits).closeTo(Math.sqrt(arms), 1e-12);
      expect(variance(share))
        .below(variance(share + 0.01))
        .below(variance(share - 0.01));
    }
  });

  it('refuses what cannot be split', () => {
    expect(() => splitTraffic(0, 2)).throw(RangeError, '0 units');
    expect(() => splitTraffic(10, 0)).throw(RangeError, '0 arms');
    expect(() => splitTraffic(10, 2, 1)).throw(RangeError, 'control share 1');
    expect(() => sharpestControlShare(1.5)).throw(RangeError, '1.5 arms');
  });
});

describe('detectableEffect', () => {
  it('is shown with the power that was asked, in simulated experiments', () => {
    const random = randomStream(3, 'power');
    const split = splitTraffic(9000, 4, sharpestControlShare(4));
    const arms = [split.armUnits, split.armUnits, split.armUnits, split.armUnits];
    const critical = criticalValue('dunnett', 0.05, split.controlUnits, arms);
    const { absolute, relative } = detectableEffect(METRIC, split, critical, 0.8);
    expect(relative).closeTo(absolute / 0.2, 1e-15);
    const error = METRIC.stddev * Math.sqrt(1 / split.controlUnits + 1 / split.armUnits);
    const draws = 40_000;
    let shown = 0;
    for (let draw = 0; draw < draws; draw++) {
      const control = (random.normal() * METRIC.stddev) / Math.sqrt(split.controlUnits);
      const arm = absolute + (random.normal() * METRIC.stddev) / Math.sqrt(split.armUnits);
      if (Math.abs(arm - control) > critical * error) shown++;
    }
    expect(Math.abs(shown / draws - 0.8)).below(4 * Math.sqrt((0.8 * 0.2) / draws));
  });

  it('is what the required units show', () => {
    for (const arms of [1, 8]) {
      for (const share of [1 / (arms + 1), sharpestControlShare(arms)]) {
        const units = requiredUnits(METRIC, 0.01, arms, share, 2.5, 0.9);
        const { absolute } = detectableEffect(METRIC, splitTraffic(units, arms, share), 2.5, 0.9);
        expect(absolute).at.most(0.01).closeTo(0.01, 1e-6);
      }
    }
  });

  it('needs 2σ²(z + z)²/δ² units an arm in equal groups and σ²(1 + 1/√K)(z + z)²/δ² beside a √K control', () => {
    const z = -normalQuantile(0.025);
    const twoGroups = (2 * 0.16 * (z + normalQuantile(0.8)) ** 2) / 0.01 ** 2;
    expect(requiredUnits(METRIC, 0.01, 1, 0.5, z, 0.8)).equal(Math.ceil(2 * twoGroups));
    const bonferroni = -normalQuantile(0.025 / 8);
    const eightArms = (0.16 * (1 + 1 / Math.sqrt(8)) * (bonferroni + normalQuantile(0.8)) ** 2) / 0.01 ** 2;
    const units = requiredUnits(METRIC, 0.01, 8, sharpestControlShare(8), bonferroni, 0.8);
    expect(units).equal(Math.ceil(eightArms * (8 + Math.sqrt(8))));
  });

  it('has no relative size where the mean is 0', () => {
    expect(detectableEffect({ mean: 0, stddev: 1 }, splitTraffic(8, 1), 2, 0.8).relative).equal(null);
  });

  it('refuses what has no size or power', () => {
    const split = splitTraffic(8, 1);
    expect(() => detectableEffect({ mean: 1, stddev: 0 }, split, 2, 0.8)).throw(RangeError, 'deviation 0');
    expect(() => detectableEffect(METRIC, split, 2, 1)).throw(RangeError, 'power 1');
    expect(() => requiredUnits(METRIC, 0, 2, 0.5, 2, 0.8)).throw(RangeError, 'effect 0');
    expect(() => requiredUnits(METRIC, 1, 2, 0, 2, 0.8)).throw(RangeError, 'control share 0');
  });
});

describe('criticalValue', () => {
  it('grows from no correction over Dunnett to Bonferroni', () => {
    const units = [1, 1, 1];
    expect(criticalValue('none', 0.05, 1, units)).closeTo(1.959963984540054, 1e-12);
    expect(criticalValue('dunnett', 0.05, 1, units)).closeTo(2.3489705903392704, 1e-9);
    expect(criticalValue('bonferroni', 0.05, 1, units)).closeTo(2.3939797998185104, 1e-12);
  });

  it('refuses what is no error or has no arm', () => {
    expect(() => criticalValue('none', 1, 1, [1])).throw(RangeError, 'alpha 1');
    expect(() => criticalValue('bonferroni', 0.05, 1, [])).throw(RangeError, '0 arms');
  });
});
