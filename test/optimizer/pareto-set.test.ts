import { expect } from 'chai';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { modelledMetrics } from '../../src/optimizer/metric-roles.ts';
import { type ParetoSet, paretoSet } from '../../src/optimizer/pareto-set.ts';
import { incumbentsOf } from '../../src/optimizer/pareto-search.ts';
import { studyReport } from '../../src/optimizer/study-report.ts';
import { observedTrials } from '../../src/optimizer/training-data.ts';
import { completedTrial, runningTrial, smallDefinition } from './small-study-definition.ts';

const KEYS = {
  objective: undefined,
  objectives: ['maximize gain', 'minimize cost'],
  guardrails: ['risk <= 1'],
  metrics: { gain: { noise: 'none' }, cost: { noise: 'none' }, risk: { noise: 'none' } },
};
const OUTCOMES = [
  [1, 5, 0],
  [3, 9, 0],
  [2, 6, 0],
  [1.5, 7, 0], // dominated by the one before
  [9, 0, 2], // infeasible
  [2, 6, 1], // the same as the third
];

function weights(i: number): Weights {
  return { a: 0.1 * i, b: 0.05 * i, c: 1 - 0.15 * i };
}

const TRIALS: readonly Trial[] = [
  ...OUTCOMES.map(([gain, cost, risk], i) =>
    completedTrial(i + 1, weights(i), { gain: gain!, cost: cost!, risk: risk! }),
  ),
  runningTrial(7, weights(6)),
];

describe('paretoSet', () => {
  it('has the feasible trials that none dominates, best in the first objective first', () => {
    const set = paretoSet(smallDefinition(KEYS), TRIALS)!;
    expect(set.trials.map(({ number }) => number)).to.deep.equal([2, 3, 6, 1]);
    // A tenth of the ranges of all trials, 8 and 9, below the front's worst values.
    expect(set.referencePoint[0]).to.be.closeTo(0.2, 1e-12);
    expect(set.referencePoint[1]).to.be.closeTo(-9.9, 1e-12);
    expect(set.hypervolume).to.be.closeTo(0.8 * 4.9 + 1 * 3.9 + 1 * 0.9, 1e-12);
  });

  it("takes the study's reference point, in the metric's units, and infers what it leaves out", () => {
    const definition = smallDefinition({ ...KEYS, referencePoint: { cost: 10 } });
    const set = paretoSet(definition, TRIALS)!;
    expect(set.referencePoint[0]).to.be.closeTo(0.2, 1e-12);
    expect(set.referencePoint[1]).to.equal(-10);
  });

  it('is empty while no trial is feasible, and undefined while none is measured', () => {
    const set = paretoSet(smallDefinition({ ...KEYS, guardrails: ['risk <= -1'] }), TRIALS)!;
    expect(set.trials).to.deep.equal([]);
    expect(set.hypervolume).to.equal(0);
    expect(paretoSet(smallDefinition(KEYS), [runningTrial(1, weights(1))])).to.equal(undefined);
  });

  it('goes by posterior means where metrics are noisy, and leaves out what is not surely feasible', () => {
    const definition = smallDefinition({ ...KEYS, metrics: {} });
    const trials = Array.from({ length: 6 }, (_, i): Trial => {
      const trial = completedTrial(i + 1, weights(i), {});
      const observations = {
        gain: { mean: i === 2 ? 30 : i, sem: i === 2 ? 20 : 0.1 }, // the third was lucky
        cost: { mean: i ** 2, sem: 0.1 },
        risk: { mean: i === 4 ? 0.95 : 0, sem: 0.1 },
      };
      return { ...trial, observations };
    });
    const fitted = Object.fromEntries(
      modelledMetrics(definition).map((metric) => [metric, fitMetric(definition, trials, metric)]),
    );
    const models = metricModels(definition, encodeStudy(definition), trials, fitted);
    const set = paretoSet(definition, trials, models)!;
    expect(set.trials.map(({ number }) => number)).to.deep.equal([6, 4, 3, 2, 1]);
    const report = studyReport(definition, trials, fitted);
    expect(report.best).to.equal(null);
    const [first] = report.pareto!.trials;
    expect(first).to.deep.include({ number: 6, rule: 'non-dominated', feasible: true });
    expect(first!.metrics['gain']!.posterior!.mean).to.be.closeTo(5, 0.3);
    expect(first!.guardrails[0]!.probability).to.be.within(0.95, 1);
    expect(report.pareto!.hypervolume).to.equal(set.hypervolume);
    expect(report.pareto!.referencePoint['cost']).to.equal(-set.referencePoint[1]!);
  });
});

function setOf(count: number): ParetoSet {
  const trials = Array.from({ length: count }, (_, i) => completedTrial(i, { a: i, b: 0, c: 0 }, {}));
  return { trials: observedTrials(trials), referencePoint: [0, 0], hypervolume: 0 };
}

describe('incumbentsOf', () => {
  it('are all of a small set, and of a large one eight with both ends', () => {
    expect(incumbentsOf(setOf(0))).to.deep.equal([]);
    expect(incumbentsOf(setOf(1)).map(({ a }) => a)).to.deep.equal([0]);
    expect(incumbentsOf(setOf(3)).map(({ a }) => a)).to.deep.equal([0, 1, 2]);
    expect(incumbentsOf(setOf(15)).map(({ a }) => a)).to.deep.equal([0, 2, 4, 6, 8, 10, 12, 14]);
  });
});

describe('the report of several objectives', () => {
  it('has the set with its trials, no best trial, and what beats the baseline in every objective', () => {
    const definition = smallDefinition({
      ...KEYS,
      baseline: { metrics: { gain: 1.5, cost: 7, risk: 0 } },
    });
    const { best, pareto } = studyReport(definition, TRIALS);
    expect(best).to.equal(null);
    expect(pareto!.nearest).to.equal(null);
    expect(pareto!.trials.map(({ number, beatsBaseline }) => [number, beatsBaseline])).to.deep.equal([
      [2, false],
      [3, true],
      [6, true],
      [1, false],
    ]);
    expect(Object.keys(pareto!.trials[0]!.metrics)).to.deep.equal(['gain', 'cost', 'risk']);
    expect(pareto!.referencePoint['cost']).to.be.closeTo(9.9, 1e-12);
  });

  it('has the nearest trial while none is feasible, and nothing before any is measured', () => {
    const definition = smallDefinition({ ...KEYS, guardrails: ['risk <= -1'] });
    const { pareto } = studyReport(definition, TRIALS);
    expect(pareto!.trials).to.deep.equal([]);
    expect(pareto!.nearest).to.deep.include({ number: 2, rule: 'least-violating', feasible: false });
    expect(studyReport(definition, []).pareto).to.equal(null);
  });

  it('does not speak of a set where there is one objective', () => {
    expect(studyReport(smallDefinition(), [])).to.not.have.property('pareto');
  });
});
