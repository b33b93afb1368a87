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
});
