import { expect } from 'chai';
import { fitted } from '../../bench/races/run-study.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observation, Trial } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { incumbent } from '../../src/optimizer/incumbent.ts';
import { initialTrialsLeft, modelsNeeded } from '../../src/optimizer/initialise.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { directionOf, modelledMetrics, steeringMetrics } from '../../src/optimizer/metric-roles.ts';
import { paretoSet } from '../../src/optimizer/pareto-set.ts';
import { isNoiseFree } from '../../src/optimizer/training-data.ts';
import { noisyFeasibility } from '../../src/optimizer/trial-feasibility.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const DERIVED = { net: '2 * gain - cost', sum: 'gain + cost + 10' };
const EXACT = { gain: { noise: 'none' }, cost: { noise: 'none' } };

/** Net is 1, 3, 2 and 4, the sum 12, 16, 14 and 11. */
const OUTCOMES = [
  [1, 1],
  [3, 3],
  [2, 2],
  [5 / 3, -2 / 3],
] as const;
const TRIALS = OUTCOMES.map(([gain, cost], i) =>
  completedTrial(i + 1, { a: i / 10, b: 0.5, c: 0.5 - i / 10 }, { gain, cost }),
);

function definitionOf(keys: object = {}): StudyDefinition {
  return smallDefinition({ derived: DERIVED, objective: 'maximize net', metrics: EXACT, ...keys });
}

const withSems = (trial: Trial, gain: number, cost: number): Trial => ({
  ...trial,
  observations: {
    gain: { ...trial.observations['gain'], sem: gain } as Observation,
    cost: { ...trial.observations['cost'], sem: cost } as Observation,
  },
});

describe('trials of a study with derived metrics', () => {
  it('steer by those metrics, and are modelled by their parts, each once', () => {
    const definition = definitionOf({ guardrails: ['sum >= 12', 'cost <= 9'] });
    expect(steeringMetrics(definition)).to.deep.equal(['net', 'sum', 'cost']);
    expect(modelledMetrics(definition)).to.deep.equal(['gain', 'cost']);
    expect(initialTrialsLeft(definition, TRIALS)).to.equal(0);
    expect(modelsNeeded(definition, TRIALS)).to.deep.equal(['gain', 'cost']);
    expect(directionOf(definition, 'sum')).to.equal('maximize');
    const less = definitionOf({ metrics: { ...EXACT, sum: { direction: 'minimize' } } });
    expect(directionOf(less, 'sum')).to.equal('minimize');
  });

  it('have no noise only where no part has', () => {
    const mixed = definitionOf({ metrics: { gain: { noise: 'none' } } });
    expect(isNoiseFree(definitionOf(), modelledMetrics(definitionOf()))).to.equal(true);
    expect(isNoiseFree(mixed, modelledMetrics(mixed))).to.equal(false);
  });

  it('are best by the combination of what was observed', () => {
    expect(bestTrial(definitionOf(), TRIALS)).to.deep.include({ number: 4, rule: 'best-feasible' });
    const guarded = bestTrial(definitionOf({ guardrails: ['sum >= 12'] }), TRIALS)!;
    expect(guarded).to.deep.include({ number: 2, feasible: true, objective: 3 });
    const minimised = bestTrial(definitionOf({ objective: 'minimize net' }), TRIALS)!;
    expect(minimised).to.deep.include({ number: 1, objective: -1 });
    const hopeless = bestTrial(definitionOf({ guardrails: ['sum >= 20'] }), TRIALS)!;
    expect(hopeless).to.deep.include({ number: 2, rule: 'least-violating', feasible: false });
  });

  it('have bounds relative to the combination at the baseline', () => {
    const guardrails = ['sum >= 0.5 * baseline', 'net >= baseline - 1'];
    const baseline = { weights: { a: 0.2, b: 0.4, c: 0.4 } };
    const measured = [completedTrial(0, baseline.weights, { gain: 4, cost: 2 }), ...TRIALS];
    const bounds = guardrailBounds(definitionOf({ guardrails, baseline }), measured)!;
    expect(bounds.map(({ bound }) => bound)).to.deep.equal([0.5 * 16, 6 - 1]);
    const given = definitionOf({ guardrails, baseline: { metrics: { gain: 4, cost: 2 } } });
    expect(guardrailBounds(given, TRIALS)!.map(({ bound }) => bound)).to.deep.equal([8, 5]);
  });

  it('have the best combination to improve on, or while none is feasible their mean', () => {
    const definition = definitionOf();
    expect(incumbent(definition, TRIALS, bestTrial(definition, TRIALS))).to.equal(4);
    const hopeless = definitionOf({ guardrails: ['sum >= 20'] });
    const first = incumbent(hopeless, TRIALS, bestTrial(hopeless, TRIALS));
    expect(first).to.deep.include({ meanObjective: 2.5 });
  });

  it('have a Pareto set of combinations', () => {
    const definition = definitionOf({ objective: undefined, objectives: ['maximize net', 'maximize sum'] });
    const set = paretoSet(definition, TRIALS)!;
    expect(set.trials.map(({ number }) => number)).to.deep.equal([4, 2]);
    // The range of net is 3, that of the sum 5; the reference lies a tenth of them below the worst of the front.
    expect(set.referencePoint[0]).to.be.closeTo(3 - 0.3, 1e-12);
    expect(set.referencePoint[1]).to.be.closeTo(11 - 0.5, 1e-12);
    expect(set.hypervolume).to.be.closeTo(1.3 * 0.5 + 0.3 * 5, 1e-12);
  });

  it('miss a bound by standard errors of the combination, those of the baseline among them', () => {
    const known = { gain: { noise: 'known' }, cost: { noise: 'known' } };
    const baseline = { weights: { a: 0.2, b: 0.4, c: 0.4 } };
    const definition = definitionOf({ guardrails: ['net >= 0.5 * baseline'], baseline, metrics: known });
    const measured = [
      withSems(completedTrial(0, baseline.weights, { gain: 5, cost: 2 }), 0.3, 0.4),
      ...TRIALS.map((trial) => withSems(trial, 0.1, 0.2)),
    ];
    const models = metricModels(definition, encodeStudy(definition), measured, fitted(definition, measured));
    const bounds = guardrailBounds(definition, measured)!;
    const [, first, , third] = noisyFeasibility(definition, measured, models, bounds);
    // The bound is 4; its error 0.5·√(4·0.3² + 0.4²), a trial's √(4·0.1² + 0.2²).
    const error = Math.sqrt(0.25 * (4 * 0.09 + 0.16) + 4 * 0.01 + 0.04);
    expect(first!.violation).to.be.closeTo(3 / error, 1e-9);
    expect(third!.violation).to.be.closeTo(2 / error, 1e-9);
  });
});
