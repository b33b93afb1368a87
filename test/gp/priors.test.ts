import { expect } from 'chai';
import {
  cautiousPriors,
  lengthscalePrior,
  logDensity,
  logDensitySlope,
  noisePrior,
  priorMode,
} from '../../gp/priors.ts';

describe('priors', () => {
  const cautious = cautiousPriors(4);
  const priors = [
    lengthscalePrior(1),
    lengthscalePrior(4),
    lengthscalePrior(10),
    noisePrior,
    cautious.lengthscale,
    cautious.noise,
  ];

  it('integrate to one over the values themselves', () => {
    for (const prior of priors) {
      let total = 0;
      const step = 0.01;
      // ∫ p(v) dv = ∫ p(e^t)·e^t dt
      for (let t = prior.location - 20; t < prior.location + 20; t += step) {
        total += step * Math.exp(logDensity(prior, t) + t);
      }
      expect(total).to.be.closeTo(1, 1e-9);
    }
  });

  it('have the slope that central differences give, zero at the mode', () => {
    for (const prior of priors) {
      for (const t of [-6, -1, 0, 2]) {
        const difference = (logDensity(prior, t + 1e-5) - logDensity(prior, t - 1e-5)) / 2e-5;
        expect(logDensitySlope(prior, t)).to.be.closeTo(difference, 1e-7);
      }
      expect(logDensitySlope(prior, Math.log(priorMode(prior)))).to.be.closeTo(0, 1e-12);
    }
  });
});
