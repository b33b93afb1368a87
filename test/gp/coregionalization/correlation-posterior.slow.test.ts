import { expect } from 'chai';
import type { Random } from '../../../math/random.ts';
import { intervalCoverage } from './coverage.ts';

const REPETITIONS = 400;
const NOMINAL = 0.95;
const ERROR = Math.sqrt((NOMINAL * (1 - NOMINAL)) / REPETITIONS);

/** From LKJ(2), p(ρ) ∝ 1 − ρ², by rejection. */
function fromPrior(random: Random): number {
  for (;;) {
    const rho = 2 * random.uniform() - 1;
    if (random.uniform() < 1 - rho * rho) return rho;
  }
}

describe('correlationPosterior, long', function () {
  this.timeout(600_000);

  it(`covers correlations drawn from its prior at 95 %, within 3 standard errors of ${REPETITIONS} worlds`, () => {
    expect(intervalCoverage(REPETITIONS, 'prior', fromPrior).share).to.be.closeTo(NOMINAL, 3 * ERROR);
  });

  for (const correlation of [-0.8, 0, 0.8]) {
    it(`covers ${correlation} at 95 %, within 3 standard errors and 4 % for the pull of the prior`, () => {
      const { share } = intervalCoverage(REPETITIONS, 'fixed', () => correlation);
      expect(share).to.be.within(NOMINAL - 0.04 - 3 * ERROR, 1);
    });
  }
});
