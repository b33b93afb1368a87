import { expect } from 'chai';
import { hypervolume } from '../../acquisition/hypervolume/hypervolume.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { paretoSet } from '../../src/optimizer/pareto-set.ts';
import { propose } from '../../src/optimizer/propose.ts';
import type { Measure } from '../../bench/problems/problem.ts';
import { fitted, nextCandidate, runStudy } from '../../bench/races/run-study.ts';
import { completedTrial, runningTrial, smallDefinition } from './small-study-definition.ts';

const NAMES = ['a', 'b', 'c'] as const;
const GAIN_BEST = [0.6, 0.2, 0.2];
const COST_BEST = [0.15, 0.55, 0.3];
const REFERENCE = { gain: 0.7, cost: 0.3 };
const CANDIDATES = 20;
const SEM = 0.01;

const distance = (weights: Weights, point: readonly number[]): number =>
  NAMES.reduce((sum, name, i) => sum + (weights[name]! - point[i]!) ** 2, 0);

/** Two hills: the best trade-offs are the weights between their tops. */
const measure: Measure = (weights) => ({
  gain: 1 - distance(weights, GAIN_BEST),
  cost: distance(weights, COST_BEST),
});

const four: Measure = (weights) => ({
  ...measure(weights),
  reach: weights['a']!,
  load: weights['c']! ** 2,
});

/** ∫ of the front above the reference: gain 1 − D²t², cost D²(1 − t)², D the distance of the tops, 0 ≤ t ≤ 1. */
const TRUE_VOLUME = ((): number => {
  const squared = GAIN_BEST.reduce((sum, value, i) => sum + (value - COST_BEST[i]!) ** 2, 0);
  const steps = 20_000;
  let volume = 0;
  for (let k = 0; k < steps; k++) {
    const t = (k + 0.5) / steps;
    const above = 1 - squared * t ** 2 > REFERENCE.gain;
    if (above) volume += Math.max(0, REFERENCE.cost - squared * (1 - t) ** 2) * ((2 * squared * t) / steps);
  }
  return volume;
})();

function study(keys: object = {}): StudyDefinition {
  const exact = { metrics: { gain: { noise: 'none' }, cost: { noise: 'none' } } };
  return smallDefinition({
    ...exact,
    objective: undefined,
    objectives: ['maximize gain', 'minimize cost'],
    ...keys,
  });
}

/** Of what the trials truly attain, whatever was observed. */
function volumeShare(trials: readonly Trial[]): number {
  const outcomes = trials.map(({ weights }) => {
    const { gain, cost } = measure(weights!);
    return [gain!, -cost!];
  });
  return hypervolume(outcomes, [REFERENCE.gain, -REFERENCE.cost]) / TRUE_VOLUME;
}

function runNoisy(definition: StudyDefinition): readonly Trial[] {
  const random = randomStream(definition.seed, 'measurement');
  const trials: Trial[] = [];
  for (let number = 1; number <= CANDIDATES; number++) {
    const { weights, provenance } = nextCandidate(definition, trials);
    const observations = Object.fromEntries(
      Object.entries(measure(weights)).map(([metric, value]) => [
        metric,
        { mean: value + SEM * random.normal(), sem: SEM },
      ]),
    );
    trials.push({ ...completedTrial(number, weights, {}), observations, provenance });
  }
  return trials;
}

describe('propose for several objectives', () => {
  for (const seed of [0, 1, 2]) {
    it(`attains 95 % of the true hypervolume in ${CANDIDATES} exact trials, far more than Sobol: seed ${seed}`, () => {
      const trials = runStudy(study({ seed, referencePoint: REFERENCE }), measure, CANDIDATES);
      const filling = runStudy(study({ seed, initialTrials: CANDIDATES }), measure, CANDIDATES);
      expect(volumeShare(trials)).to.be.within(0.95, 1);
      expect(volumeShare(filling)).to.be.below(0.8);
      expect(trials.at(-1)!.provenance.generator).to.equal('noisy_log_expected_hypervolume_improvement');
    });

    it(`attains 85 % where the reference point is inferred: seed ${seed}`, () => {
      expect(volumeShare(runStudy(study({ seed }), measure, CANDIDATES))).to.be.within(0.85, 1);
    });
  }

  it(`attains 90 % in ${CANDIDATES} noisy trials`, () => {
    expect(volumeShare(runNoisy(study({ metrics: {}, referencePoint: REFERENCE })))).to.be.within(0.9, 1);
  }).timeout(60_000);

  it('minimises what is the mirror image of what it maximises, trial by trial', () => {
    const mirrored: Measure = (weights) => ({
      gain: -measure(weights)['gain']!,
      cost: -measure(weights)['cost']!,
    });
    const up = runStudy(study(), measure, 8);
    const down = runStudy(study({ objectives: ['minimize gain', 'maximize cost'] }), mirrored, 8);
    expect(down.map(({ weights }) => weights)).to.deep.equal(up.map(({ weights }) => weights));
  });

  it('keeps a guardrail that cuts the front, and explains itself', () => {
    const definition = study({ guardrails: ['gain >= 0.9'], seed: 3 });
    const trials = runStudy(definition, measure, 14);
    const { trials: front } = paretoSet(definition, trials)!;
    expect(front.length).to.be.at.least(5);
    for (const { observations } of front) expect(observations['gain']!.mean).to.be.at.least(0.9);
    const { provenance } = trials.at(-1)!;
    expect(provenance.feasibility.map(({ guardrail }) => guardrail)).to.deep.equal(['gain >= 0.9']);
    expect(Object.keys(provenance.predictions)).to.deep.equal(['gain', 'cost']);
    expect(Number.isFinite(provenance.acquisitionValue)).to.equal(true);
  });

  it('looks for feasible weights first where no trial is feasible', () => {
    const definition = study({ guardrails: ['gain >= 2'] });
    const trials = runStudy(definition, measure, 5);
    const { provenance } = propose(definition, trials, fitted(definition, trials));
    expect(provenance.generator).to.equal('log_probability_of_feasibility');
    expect(provenance.reason).to.match(/^no trial is feasible in any sample of the posterior; /);
  });

  it('counts running trials: a batch of four lies apart, and is the same again', () => {
    const definition = study();
    const trials = runStudy(definition, measure, 6);
    const models = fitted(definition, trials);
    const batch = (): readonly Weights[] => {
      const all = [...trials];
      for (let k = 0; k < 4; k++)
        all.push(runningTrial(all.length + 1, propose(definition, all, models).weights));
      return all.slice(trials.length).map(({ weights }) => weights!);
    };
    const chosen = batch();
    for (const [i, weights] of chosen.entries()) {
      for (const other of chosen.slice(0, i)) {
        expect(
          distance(
            weights,
            NAMES.map((name) => other[name]!),
          ),
        ).to.be.above(0.01 ** 2);
      }
    }
    expect(batch()).to.deep.equal(chosen);
  });

  it('takes four objectives', () => {
    const objectives = ['maximize gain', 'minimize cost', 'maximize reach', 'minimize load'];
    const metrics = Object.fromEntries(
      ['gain', 'cost', 'reach', 'load'].map((name) => [name, { noise: 'none' }]),
    );
    const definition = study({ objectives, metrics });
    const trials = runStudy(definition, four, 10);
    const before = paretoSet(definition, trials.slice(0, 4))!;
    expect(before.trials.length).to.be.at.least(2);
    const volume = (among: readonly Trial[]): number =>
      hypervolume(
        among.map(({ observations: o }) => [
          o['gain']!.mean,
          -o['cost']!.mean,
          o['reach']!.mean,
          -o['load']!.mean,
        ]),
        before.referencePoint,
      );
    expect(volume(trials)).to.be.above(1.5 * volume(trials.slice(0, 4)));
  });
});
