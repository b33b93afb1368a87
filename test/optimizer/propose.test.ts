import { expect } from 'chai';
import { contains, violations } from '../../math/polytope/polytope.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toVector } from '../../src/optimizer/encode.ts';
import { propose } from '../../src/optimizer/propose.ts';
import { printedSum, printedUnits } from '../e2e/sweep-report.ts';
import { completed, fitted, nextCandidate, running, runStudy } from '../../bench/races/run-study.ts';
import type { Measure } from '../../bench/problems/problem.ts';
import { runningTrial, smallDefinition } from './small-study-definition.ts';

/** Highest at (0.5, 0.3, 0.2). */
const measure: Measure = ({ a, b, c }) => ({
  gain: 2 - (a! - 0.5) ** 2 - 2 * (b! - 0.3) ** 2 - (c! - 0.2) ** 2,
  cost: 1 + a! - b! / 2,
});
const BASELINE = { weights: { a: 0.2, b: 0.4, c: 0.4 } };
const LIMITED = {
  baseline: BASELINE,
  guardrails: ['cost <= 1.1 * baseline'],
  constraints: ['c <= 0.5 * b + 0.2'],
};

function weightsOf(trials: readonly { readonly weights: Weights | null }[]): readonly Weights[] {
  return trials.map(({ weights }) => weights!);
}

describe('propose', () => {
  const definition = smallDefinition(LIMITED);
  const trials = runStudy(definition, measure, 6);

  it('answers the same question twice with the same candidate, whatever was asked between', () => {
    const first = propose(definition, trials, fitted(definition, trials));
    propose({ ...definition, seed: 9 }, trials.slice(0, 5), fitted(definition, trials.slice(0, 5)));
    expect(propose(definition, trials, fitted(definition, trials))).to.deep.equal(first);
  });

  it('leaves what it is given as it was', () => {
    const before = structuredClone({ definition, trials });
    propose(definition, trials, fitted(definition, trials));
    expect({ definition, trials }).to.deep.equal(before);
  });

  it('keeps ranges, sum and constraints', () => {
    const encoding = encodeStudy(definition);
    for (const weights of weightsOf(runStudy(definition, measure, 12)).slice(1)) {
      expect(violations(encoding.polytope, toVector(encoding, weights))).to.deep.equal([]);
      expect(contains(encoding.polytope, toVector(encoding, weights))).to.equal(true);
      expect(printedSum(Object.values(weights))).to.equal(printedUnits(1));
    }
  });

  it('explains itself: who chose, how surely each guardrail is met, and what it expects', () => {
    const { provenance } = propose(definition, trials, fitted(definition, trials));
    expect(provenance.generator).to.equal('log_constrained_expected_improvement');
    expect(provenance.feasibility.map(({ guardrail }) => guardrail)).to.deep.equal([
      'cost <= 1.1 * baseline',
    ]);
    expect(provenance.feasibility[0]!.probability).to.be.within(0, 1);
    expect(Object.keys(provenance.predictions)).to.deep.equal(['gain', 'cost']);
    expect(Object.keys(provenance.hyperparameters)).to.deep.equal(['gain', 'cost']);
  });

  it('looks for feasible weights first where no trial is feasible', () => {
    const hard = smallDefinition({ ...LIMITED, guardrails: ['cost <= 0.2'] });
    const { provenance } = propose(hard, trials, fitted(hard, trials));
    expect(provenance.generator).to.equal('log_feasibility_weighted_improvement');
    expect(provenance.reason).to.match(/^no trial is feasible yet: /);
  });

  it('fills the space every second trial where the models see nothing feasible anywhere', () => {
    const hard = smallDefinition({ ...LIMITED, guardrails: ['cost <= 0.1'] });
    const hopeless = runStudy(hard, measure, 11);
    const models = hopeless.filter(({ provenance }) => Object.keys(provenance.hyperparameters).length > 0);
    expect(models.length).to.be.at.least(6);
    for (const { number, provenance } of models) {
      const { generator, reason, feasibility } = provenance;
      expect(feasibility[0]!.probability).to.be.below(1e-6);
      if (number % 2 === 1) expect(generator).to.equal('log_feasibility_weighted_improvement');
      else {
        expect(generator).to.equal('space_filling');
        expect(reason).to.contain(
          'the models see nothing feasible, so every second trial is far from all others',
        );
      }
    }
  });

  it('fills the space with new points, of metrics with noise too', () => {
    const hard = smallDefinition({ guardrails: ['cost <= 0.2'], metrics: {} });
    const trials: Trial[] = [];
    for (let number = 1; number <= 12; number++) {
      const candidate = nextCandidate(hard, trials);
      const observations = Object.fromEntries(
        Object.entries(measure(candidate.weights)).map(([metric, mean]) => [metric, { mean, sem: 1e-3 }]),
      );
      trials.push(completed(running(number, candidate), observations));
    }
    const filling = trials.slice(4).filter(({ provenance }) => provenance.generator === 'space_filling');
    expect(filling.length).to.be.at.least(3);
    for (const { provenance } of filling) expect(provenance.nearestTrialDistance).to.be.at.least(0.05);
  });

  it('does not propose a pending trial again', () => {
    const models = fitted(definition, trials);
    const pending = [...trials];
    for (let k = 0; k < 3; k++) {
      const { weights, provenance } = propose(definition, pending, models);
      expect(provenance.nearestTrialDistance).to.be.at.least(1e-6);
      for (const { weights: other, state } of pending) {
        if (state !== 'running') continue;
        const distance = Math.hypot(...Object.keys(weights).map((name) => weights[name]! - other![name]!));
        expect(distance / encodeStudy(definition).polytope.diameter).to.be.at.least(1e-3);
      }
      pending.push(runningTrial(pending.length, weights));
    }
  });

  it('minimises what is the mirror image of what it maximises, trial by trial', () => {
    const mirrored: Measure = (weights) => {
      const { gain, cost } = measure(weights);
      return { gain: -gain!, cost: cost! };
    };
    const minimise = smallDefinition({ ...LIMITED, objective: 'minimize gain' });
    const up = runStudy(definition, measure, 10);
    const down = runStudy(minimise, mirrored, 10);
    expect(weightsOf(down)).to.deep.equal(weightsOf(up));
    const best = bestTrial(definition, up)!;
    expect(bestTrial(minimise, down)).to.deep.equal(best);
    expect(best.number).to.be.greaterThan(0);
  });

  it('mirrors a guardrail together with its metric', () => {
    const mirrored: Measure = (weights) => {
      const { gain, cost } = measure(weights);
      return { gain: gain!, cost: -cost! };
    };
    const above = smallDefinition({ ...LIMITED, guardrails: ['cost <= 1.05'] });
    const below = smallDefinition({ ...LIMITED, guardrails: ['cost >= -1.05'] });
    expect(weightsOf(runStudy(below, mirrored, 8))).to.deep.equal(weightsOf(runStudy(above, measure, 8)));
  });

  it('needs the measured baseline that a guardrail is relative to', () => {
    expect(() => propose(definition, trials.slice(1), {})).to.throw(
      RangeError,
      'the baseline is not measured',
    );
  });
});
