import { expect } from 'chai';
import { fitted } from '../../bench/run-study.ts';
import { contains } from '../../math/polytope/polytope.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { observed, type Trial, type Weights } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toVector } from '../../src/optimizer/encode.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { bestRounded, roundedCandidates, roundingPrice } from '../../src/optimizer/rounded-weights.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const BASELINE: Weights = { a: 0.2, b: 0.4, c: 0.4 };
const TRIALS = 25;

function metricsOf({ a, b }: Weights): { readonly gain: number; readonly cost: number } {
  return { gain: 1 - (a! - 0.62) ** 2 - (b! - 0.27) ** 2, cost: 1 + a! - b! / 2 };
}

function studyWith(keys: Readonly<Record<string, unknown>> = {}): StudyDefinition {
  return smallDefinition({
    guardrails: ['cost <= 1.41 * baseline'],
    baseline: { weights: BASELINE },
    initialTrials: TRIALS,
    ...keys,
  });
}

function trialsOf(definition: StudyDefinition): readonly Trial[] {
  const candidates = initialCandidates(definition, [], TRIALS).map(({ weights }) => weights);
  return [BASELINE, ...candidates].map((weights, i) => completedTrial(i, weights, metricsOf(weights)));
}

function refusal(step: number): DomainError {
  try {
    roundedCandidates(studyWith(), [], undefined, BASELINE, step);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('roundedCandidates and bestRounded', () => {
  it('find the best of all multiples of the step, feasible by what is evaluated', () => {
    for (const [step, constraints] of [
      [0.05, []],
      [0.1, ['b <= 3 * c']],
    ] as const) {
      const definition = studyWith({ constraints });
      const trials = trialsOf(definition);
      const winner = bestTrial(definition, trials)!;
      const { candidates, neighbours } = roundedCandidates(
        definition,
        trials,
        fitted(definition, trials),
        winner.weights,
        step,
      );
      const encoding = encodeStudy(definition);
      const evaluated = candidates.map((weights) => ({
        weights,
        observations: observed(metricsOf(weights)),
      }));
      const { index, feasible } = bestRounded(definition, trials, evaluated);
      const bound = 1.41 * metricsOf(BASELINE).cost;
      const all: Weights[] = [];
      const most = Math.round(1 / step);
      for (let i = 0; i <= most; i++) {
        for (let j = 0; i + j <= most; j++) {
          const weights = { a: i * step, b: j * step, c: (most - i - j) * step };
          const isIn = contains(encoding.polytope, toVector(encoding, weights));
          if (isIn && metricsOf(weights).cost <= bound) all.push(weights);
        }
      }
      const best = all.toSorted((one, other) => metricsOf(other).gain - metricsOf(one).gain)[0]!;
      expect(feasible).to.equal(true);
      expect(neighbours).to.be.at.least(candidates.length);
      for (const name of ['a', 'b', 'c'] as const) {
        expect(candidates[index]![name]).to.be.closeTo(best[name]!, 1e-12);
        for (const weights of candidates) {
          expect(weights[name]! / step).to.be.closeTo(Math.round(weights[name]! / step), 1e-9);
        }
      }
      for (const weights of candidates) {
        expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).to.be.closeTo(1, 1e-12);
      }
    }
  });

  it('take the nearest where there is no model, the winner itself where it is such a multiple', () => {
    const definition = studyWith();
    const { candidates } = roundedCandidates(definition, [], undefined, BASELINE, 0.1);
    expect(candidates[0]).to.deep.equal(BASELINE);
  });

  it('refuse a step that nothing near is a multiple of, or that is too fine', () => {
    expect(refusal(0.3).line).to.equal(
      'step: no multiples of 0.3 near the best weights meet the ranges, the sum and the constraints: expected a step that some do',
    );
    expect(refusal(1e-15).line).to.equal('step: is 1e-15: expected a decimal of at least 1e-12');
  });
});

describe('roundingPrice', () => {
  it('is what the objective loses, and the slack of each guardrail at either weights', () => {
    const trials = trialsOf(studyWith());
    for (const direction of ['maximize', 'minimize']) {
      const definition = studyWith({ objective: `${direction} gain` });
      const price = roundingPrice(
        definition,
        trials,
        observed({ gain: 0.8, cost: 1.3 }),
        observed({ gain: 0.6, cost: 1.5 }),
      );
      expect(price.loss).to.be.closeTo(direction === 'maximize' ? 0.2 : -0.2, 1e-12);
      expect(price.relativeLoss).to.be.closeTo(direction === 'maximize' ? 0.25 : -0.25, 1e-12);
      const [{ bound, winnerSlack, slack, met, guardrail }] = price.guardrails as [
        (typeof price.guardrails)[0],
      ];
      expect(guardrail).to.equal('cost <= 1.41 * baseline');
      expect(bound).to.be.closeTo(1.41, 1e-12);
      expect(winnerSlack).to.be.closeTo(0.11, 1e-12);
      expect(slack).to.be.closeTo(-0.09, 1e-12);
      expect(met).to.equal(false);
    }
  });
});
