import { expect } from 'chai';
import { normalQuantile } from '../../../math/normal-quantile.ts';
import { randomStream } from '../../../math/random.ts';
import { dunnettCriticalValue, dunnettProbability } from '../../../src/online/plan/dunnett.ts';
import { readGolden } from '../../golden/read-golden.ts';

interface DunnettGolden {
  readonly cases: readonly {
    readonly loadings: readonly number[];
    readonly alpha: number;
    readonly critical: number;
    readonly mvn: number | null;
  }[];
}

const { cases } = readGolden<DunnettGolden>('dunnett');

function alike(comparisons: number): readonly number[] {
  return Array.from({ length: comparisons }, () => Math.SQRT1_2);
}

describe('dunnettCriticalValue', () => {
  it('agrees with adaptive quadrature in scipy to 1e-9', () => {
    expect(cases).length(12);
    for (const { loadings, alpha, critical } of cases) {
      expect(dunnettCriticalValue(alpha, loadings)).closeTo(critical, 1e-9);
    }
  });

  it("is, of the multivariate normal, the box that Genz' quasi-Monte Carlo in scipy has", () => {
    for (const { loadings, critical, mvn } of cases) {
      // Genz' error is about 2e-6 at 20 dimensions.
      if (mvn !== null) expect(dunnettProbability(critical, loadings)).closeTo(mvn, 1e-5);
    }
  });

  it("agrees with Dunnett's table of two-sided values, 5 %, infinite degrees of freedom", () => {
    // Dunnett 1964, Biometrics 20:482–491, table II.
    const table = [1.96, 2.21, 2.35, 2.44, 2.51, 2.57, 2.61, 2.65, 2.69];
    table.forEach((value, i) => expect(dunnettCriticalValue(0.05, alike(i + 1))).closeTo(value, 0.005));
  });

  it('holds the error that it promises, in simulated experiments without effect', () => {
    const random = randomStream(11, 'dunnett');
    const units = [0.1, 0.2, 0.3, 0.05, 0.15];
    const controlUnits = 0.2;
    const loadings = units.map((share) => Math.sqrt(share / (share + controlUnits)));
    const critical = dunnettCriticalValue(0.1, loadings);
    const draws = 40_000;
    let beyond = 0;
    for (let draw = 0; draw < draws; draw++) {
      const control = random.normal() / Math.sqrt(controlUnits);
      const largest = units.reduce((most, share) => {
        const difference = random.normal() / Math.sqrt(share) - control;
        return Math.max(most, Math.abs(difference) / Math.sqrt(1 / share + 1 / controlUnits));
      }, 0);
      if (largest > critical) beyond++;
    }
    expect(Math.abs(beyond / draws - 0.1)).below(4 * Math.sqrt((0.1 * 0.9) / draws));
  });

  it('lies between one comparison and Bonferroni', () => {
    for (const comparisons of [2, 5, 40, 100]) {
      const critical = dunnettCriticalValue(0.05, alike(comparisons));
      expect(critical).above(-normalQuantile(0.025));
      expect(critical).below(-normalQuantile(0.025 / comparisons));
    }
    expect(dunnettCriticalValue(0.05, [0.3])).equal(-normalQuantile(0.025));
  });

  it('refuses what is no error, limit or loading', () => {
    expect(() => dunnettCriticalValue(0, [0.5])).throw(RangeError, 'alpha 0');
    expect(() => dunnettCriticalValue(0.05, [])).throw(RangeError, '0 comparisons');
    expect(() => dunnettProbability(2, [1])).throw(RangeError, 'loading 1');
    expect(() => dunnettProbability(-1, [0.5])).throw(RangeError, 'limit -1');
  });
});
