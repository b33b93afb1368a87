import { expect } from 'chai';
import { metricScale } from '../../src/optimizer/metric-scale.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const BASELINE = { weights: { a: 0.2, b: 0.4, c: 0.4 } };
const FAR = 1e6;

/** The baseline, then nine trials near 1 and one far off, in both metrics. */
function trials(baseline: number) {
  return [
    completedTrial(0, BASELINE.weights, { gain: baseline, cost: baseline }),
    ...Array.from({ length: 9 }, (_, i) =>
      completedTrial(i + 1, { a: i / 10, b: 0.1, c: 0.9 - i / 10 }, { gain: 1 + i / 100, cost: 1 + i / 100 }),
    ),
    completedTrial(10, { a: 0, b: 0, c: 1 }, { gain: FAR, cost: FAR }),
  ];
}

const EXACT = { gain: { noise: 'none' }, cost: { noise: 'none' } };

/** Nine trials of gain and cost from 1 to 1.09, and the last as given. */
const spoilt = (last: Readonly<Record<string, number>>) => [
  ...Array.from({ length: 9 }, (_, i) =>
    completedTrial(i + 1, { a: i / 10, b: 0.1, c: 0.9 - i / 10 }, { gain: 1 + i / 100, cost: 1 + i / 100 }),
  ),
  completedTrial(10, { a: 0, b: 0, c: 1 }, last),
];

const NET = { derived: { net: 'gain - cost' }, metrics: EXACT };

/** The same, with a reach of 1. */
const reaching = (last: Readonly<Record<string, number>>) =>
  spoilt(last).map((trial) => ({
    ...trial,
    observations: { ...trial.observations, reach: { mean: 1, sem: null } },
  }));

describe('metricScale', () => {
  it('leaves the baseline that a bound is relative to where it is, however far', () => {
    const noisy = smallDefinition({
      baseline: BASELINE,
      guardrails: ['cost >= 0.5 * baseline'],
      metrics: {},
    });
    const { forward } = metricScale(noisy, trials(100), 'cost');
    expect(forward(100)).to.equal(100);
    expect(forward(50)).to.equal(50);
    expect(forward(FAR)).to.be.within(100, 101);
    const absolute = smallDefinition({ baseline: BASELINE, guardrails: ['cost >= 0.5'] });
    expect(metricScale(absolute, trials(100), 'cost').forward(100)).to.be.below(2);
  });

  it('takes in the bad tail of the objective alone, a guardrail on it or not', () => {
    for (const guardrails of [[], ['gain >= 0.5']]) {
      const up = metricScale(smallDefinition({ guardrails }), trials(1), 'gain');
      expect([up.forward(FAR), up.forward(-FAR)]).to.satisfy(
        ([high, low]: number[]) => high === FAR && low! > -1,
      );
    }
    const down = metricScale(smallDefinition({ objective: 'minimize gain' }), trials(1), 'gain');
    expect(down.forward(-FAR)).to.equal(-FAR);
    expect(down.forward(FAR)).to.be.below(2);
  });

  it('leaves each of several objectives alone, and takes in what guards them', () => {
    const several = smallDefinition({
      objective: undefined,
      objectives: ['maximize gain', 'maximize reach'],
      guardrails: ['cost <= 1.5'],
      metrics: { gain: { noise: 'none' }, cost: { noise: 'none' }, reach: { noise: 'none' } },
    });
    const measured = trials(1).map((trial) => ({
      ...trial,
      observations: { ...trial.observations, reach: trial.observations['gain']! },
    }));
    expect(metricScale(several, measured, 'gain').forward(-FAR)).to.equal(-FAR);
    expect(metricScale(several, measured, 'cost').forward(FAR)).to.be.below(3);
  });

  describe('of parts of derived metrics', () => {
    it('takes in the tail that is bad for the objective, by the sign of each', () => {
      const study = smallDefinition({ ...NET, objective: 'maximize net' });
      const both = spoilt({ gain: -FAR, cost: FAR });
      expect(metricScale(study, both, 'gain').forward(-FAR)).to.be.within(0, 1);
      expect(metricScale(study, both, 'cost').forward(FAR)).to.be.within(1, 2);
      const good = spoilt({ gain: FAR, cost: -FAR });
      expect(metricScale(study, good, 'gain').forward(FAR)).to.equal(FAR);
      expect(metricScale(study, good, 'cost').forward(-FAR)).to.equal(-FAR);
      const down = smallDefinition({ ...NET, objective: 'minimize net' });
      expect(metricScale(down, good, 'gain').forward(FAR)).to.be.within(1, 2);
      expect(metricScale(down, good, 'cost').forward(-FAR)).to.be.within(0, 1);
    });

    it('leaves one that another part pays for, so that no trial becomes the best by it', () => {
      const study = smallDefinition({ ...NET, objective: 'maximize net' });
      const paid = spoilt({ gain: FAR, cost: FAR });
      expect(metricScale(study, paid, 'cost').forward(FAR)).to.equal(FAR);
    });

    it('takes in both tails for a guardrail, and no trial across its bound', () => {
      const study = smallDefinition({
        derived: { sum: 'gain + cost' },
        objective: 'maximize reach',
        guardrails: ['sum >= 2.05'],
      });
      for (const far of [FAR, -FAR]) {
        const scale = metricScale(study, reaching({ gain: far, cost: 1 }), 'gain');
        expect(Math.abs(scale.forward(far))).to.be.below(3);
        expect(Math.sign(scale.forward(far) + 1 - 2.05)).to.equal(Math.sign(far));
      }
      const cancelling = reaching({ gain: FAR, cost: 2 - FAR });
      expect(metricScale(study, cancelling, 'gain').forward(FAR)).to.equal(FAR);
    });

    it('leaves those of one of several objectives', () => {
      const study = smallDefinition({
        ...NET,
        objective: undefined,
        objectives: ['maximize net', 'minimize cost'],
      });
      expect(metricScale(study, spoilt({ gain: -FAR, cost: 1 }), 'gain').forward(-FAR)).to.equal(-FAR);
    });

    it('leaves the value of the baseline that a derived bound is relative to', () => {
      const study = smallDefinition({
        derived: { sum: 'gain + cost' },
        objective: 'maximize sum',
        guardrails: ['sum >= 0.5 * baseline'],
        baseline: BASELINE,
      });
      expect(metricScale(study, trials(100), 'cost').forward(100)).to.equal(100);
      const low = metricScale(
        study,
        trials(-100).with(0, completedTrial(0, BASELINE.weights, { gain: 200, cost: -100 })),
        'cost',
      );
      expect(low.forward(-100)).to.equal(-100);
    });
  });
});
