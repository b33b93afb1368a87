import { expect } from 'chai';
import { fitted } from '../../bench/races/run-study.ts';
import { contains } from '../../math/polytope/polytope.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { type Observations, observed, type Trial, type Weights } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toVector } from '../../src/optimizer/encode.ts';
import { withMargins } from '../../src/optimizer/guardrail-margin.ts';
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

const FACTOR = 1.41;
const MARGIN = 1.645;
const SEM = 0.05;

/** Of the cost's change from the baseline's, as one log has it: nearer weights have nearer errors. */
function changeError({ a, b }: Weights): number {
  return 0.1 * Math.hypot(a! - BASELINE['a']!, b! - BASELINE['b']!);
}

/** The study and the trials on a log, with a margin. */
function onLog(definition: StudyDefinition): StudyDefinition {
  const log = { path: 'log.csv', request: 'r', nullScores: 'refuse' } as const;
  return { ...definition, log, guardrailMargin: MARGIN };
}

function measured(weights: Weights): Observations {
  const { gain, cost } = metricsOf(weights);
  return {
    gain: { mean: gain, sem: SEM, changeSem: 0 },
    cost: { mean: cost, sem: SEM, changeSem: changeError(weights) },
  };
}

/** √Var(m − c·b) for errors SEM of m and of b. */
function slackErrorAt(weights: Weights): number {
  return Math.sqrt((1 - FACTOR) ** 2 * SEM ** 2 + FACTOR * changeError(weights) ** 2);
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
    const bests: Weights[] = [];
    for (const [step, constraints, isMargined] of [
      [0.05, [], false],
      [0.1, ['b <= 3 * c'], false],
      [0.05, [], true],
    ] as const) {
      const exact = studyWith({ constraints });
      const definition = isMargined ? onLog(exact) : exact;
      const trials = trialsOf(exact).map((trial) =>
        isMargined ? { ...trial, observations: measured(trial.weights!) } : trial,
      );
      const steered = withMargins(definition, trials);
      const winner = bestTrial(steered.definition, steered.trials)!;
      const { candidates, neighbours } = roundedCandidates(
        definition,
        trials,
        fitted(steered.definition, steered.trials),
        winner.weights,
        step,
      );
      const encoding = encodeStudy(definition);
      const evaluated = candidates.map((weights) => ({
        weights,
        observations: isMargined ? measured(weights) : observed(metricsOf(weights)),
      }));
      const { index, feasible } = bestRounded(definition, trials, evaluated);
      const bound = FACTOR * metricsOf(BASELINE).cost;
      const isMet = (weights: Weights): boolean =>
        bound - metricsOf(weights).cost >= (isMargined ? MARGIN * slackErrorAt(weights) : 0);
      const all: Weights[] = [];
      const most = Math.round(1 / step);
      for (let i = 0; i <= most; i++) {
        for (let j = 0; i + j <= most; j++) {
          const weights = { a: i * step, b: j * step, c: (most - i - j) * step };
          const isIn = contains(encoding.polytope, toVector(encoding, weights));
          if (isIn && isMet(weights)) all.push(weights);
        }
      }
      const best = all.toSorted((one, other) => metricsOf(other).gain - metricsOf(one).gain)[0]!;
      expect(feasible).to.equal(true);
      bests.push(candidates[index]!);
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
    // The margin decides.
    expect(bests[2]).not.to.deep.equal(bests[0]);
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

  it('has the margin of a guardrail at the rounded weights, which decides whether it is met', () => {
    const definition = onLog(studyWith());
    const weights = { a: 0.5, b: 0.2, c: 0.3 };
    const trials = trialsOf(studyWith()).map((trial) => ({
      ...trial,
      observations: measured(trial.weights!),
    }));
    const [guardrail] = roundingPrice(definition, trials, measured(BASELINE), measured(weights)).guardrails;
    const slack = FACTOR - 1.4;
    expect(guardrail!.slack).to.be.closeTo(slack, 1e-12);
    expect(guardrail!.margin!.margin).to.be.closeTo(MARGIN * slackErrorAt(weights), 1e-12);
    expect(guardrail!.margin!.margin).to.be.greaterThan(slack);
    expect(guardrail!.met).to.equal(false);
  });
});
