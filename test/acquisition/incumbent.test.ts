import { expect } from 'chai';
import * as fc from 'fast-check';
import type { Guardrail } from '../../acquisition/feasibility.ts';
import { noiseFreeIncumbent, type NoisyTrial, noisyIncumbent } from '../../acquisition/incumbent.ts';

const guardrails: readonly Guardrail[] = [
  { bound: 1, relation: '>=' },
  { bound: 100, relation: '<=' },
];

function noisy(objectiveMean: number, probability: number, violation = 0): NoisyTrial {
  return { objectiveMean, probabilityFeasible: () => probability, violation };
}

describe('noiseFreeIncumbent', () => {
  it('takes the best objective among trials whose raw values meet every guardrail, bounds included', () => {
    const trials = [
      { objective: 9, metrics: [0.999999, 50] },
      { objective: 3, metrics: [1, 100] },
      { objective: 2, metrics: [2, 50] },
      { objective: 8, metrics: [2, 100.001] },
    ];
    expect(noiseFreeIncumbent(trials, guardrails)).deep.equal({
      index: 1,
      rule: 'best-feasible',
      feasible: true,
    });
  });

  it('takes the least violation in standard deviations while none is feasible', () => {
    const trials = [
      { objective: 9, metrics: [0.2, 90] },
      { objective: 1, metrics: [0.9, 110] },
      { objective: 5, metrics: [1.4, 160] },
    ];
    expect(noiseFreeIncumbent(trials, guardrails)).deep.equal({
      index: 1,
      rule: 'least-violating',
      feasible: false,
    });
  });

  it('does not depend on the units of a metric', () => {
    // Squares of smaller values are subnormal: their digits are gone before any unit.
    const metric = fc
      .double({ min: -5, max: 0.9, noNaN: true })
      .map((value) => (Math.abs(value) < 1e-100 ? 0 : value));
    const trial = fc.record({ objective: metric, metrics: fc.tuple(metric, metric) });
    fc.assert(
      fc.property(
        fc.array(trial, { minLength: 2, maxLength: 8 }),
        fc.constantFrom(0.125, 8, 1024),
        (trials, scale) => {
          const rescaled = trials.map(({ objective, metrics: [a, b] }) => ({
            objective,
            metrics: [a * scale, b],
          }));
          const bounds: readonly Guardrail[] = [guardrails[0]!, { bound: 1, relation: '>=' }];
          const rescaledBounds: readonly Guardrail[] = [{ bound: scale, relation: '>=' }, bounds[1]!];
          expect(noiseFreeIncumbent(rescaled, rescaledBounds)).deep.equal(noiseFreeIncumbent(trials, bounds));
        },
      ),
    );
  });

  it('is undefined without trials and the best objective without guardrails', () => {
    expect(noiseFreeIncumbent([], guardrails)).equal(undefined);
    const trials = [1, 3, 3, 2].map((objective) => ({ objective, metrics: [] }));
    expect(noiseFreeIncumbent(trials, [])).deep.equal({ index: 1, rule: 'best-feasible', feasible: true });
  });
});

describe('noisyIncumbent', () => {
  it('takes the best posterior mean among the confidently feasible, never one clearly violating its bound', () => {
    const chosen = noisyIncumbent([noisy(9, 0.99, 3.1), noisy(5, 0.96, 2.9), noisy(6, 0.95)]);
    expect(chosen).deep.equal({ index: 2, rule: 'best-posterior-mean', feasible: true });
  });

  it('takes the most probably feasible trial while none is confidently so', () => {
    const trials = [noisy(9, 0.94, 4), noisy(5, 0.3), noisy(6, 0.2)];
    const chosen = noisyIncumbent(trials);
    expect(chosen).deep.equal({ index: 1, rule: 'most-probably-feasible', feasible: false });
    expect(noisyIncumbent(trials, 0.25)).deep.equal({
      index: 1,
      rule: 'best-posterior-mean',
      feasible: true,
    });
  });

  it('takes the first of equals', () => {
    expect(noisyIncumbent([noisy(1, 0.99), noisy(1, 0.99)])?.index).equal(0);
    expect(noisyIncumbent([noisy(1, 0.5), noisy(1, 0.5)])?.index).equal(0);
  });

  it('is undefined when every observation clearly violates a guardrail', () => {
    expect(noisyIncumbent([noisy(9, 0.99, 3.1)])).equal(undefined);
    expect(noisyIncumbent([])).equal(undefined);
  });

  it('asks for the probability of no trial that ranks below the chosen one', () => {
    const never: NoisyTrial = { ...noisy(1, 1), probabilityFeasible: () => expect.fail('asked') };
    expect(noisyIncumbent([never, noisy(2, 0.99)])?.index).equal(1);
  });
});
