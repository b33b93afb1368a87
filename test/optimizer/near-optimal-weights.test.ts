import { slackOf } from '../../acquisition/feasibility.ts';
import { expect } from 'chai';
import { fitted } from '../../bench/races/run-study.ts';
import { samplePolytope } from '../../math/polytope/sampling.ts';
import { randomStream } from '../../math/random.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toUnitCube, toWeights } from '../../src/optimizer/encode.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { withMargins } from '../../src/optimizer/guardrail-margin.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { metricModels, predictMetric } from '../../src/optimizer/metric-models.ts';
import { type NearOptimalWeights, nearOptimalWeights } from '../../src/optimizer/near-optimal-weights.ts';
import { PAIRED_VARIANCE, withPairedVariances } from '../../src/optimizer/paired-variance.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const BASELINE: Weights = { a: 0.2, b: 0.4, c: 0.4 };
const TRIALS = 25;
/** The range that a search finds may be short of the true one by so much of its width. */
const SHORT_OF = 0.03;

const definition = smallDefinition({
  guardrails: ['cost <= 1.2 * baseline'],
  baseline: { weights: BASELINE },
  constraints: ['b <= 3 * c'],
  initialTrials: TRIALS,
});
const trials = [BASELINE, ...initialCandidates(definition, [], TRIALS).map(({ weights }) => weights)].map(
  (weights, number): Trial => {
    return completedTrial(number, weights, { gain: gain(weights), cost: cost(weights) });
  },
);
const encoding = encodeStudy(definition);
const hyperparameters = fitted(definition, trials);
const models = metricModels(definition, encoding, trials, hyperparameters);
const winner = bestTrial(definition, trials)!;

function predicted(metric: string, weights: Weights): number {
  return predictMetric(definition, models, metric, toUnitCube(encoding, weights)).mean;
}

function at(tolerance: number): NearOptimalWeights {
  return nearOptimalWeights(definition, trials, hyperparameters, winner.weights, { loss: tolerance });
}

/** Where one log measured all: a margin of the guardrail, and errors of the difference to the winner. */
const log = { path: 'log.csv', request: 'r', nullScores: 'refuse' } as const;
const onLog = { ...definition, log, guardrailMargin: 1.645 };
const ERROR_PER_DISTANCE = 0.05;
const ERRORS = 1.645;

function distance(one: Weights, other: Weights): number {
  return Math.hypot(...Object.keys(one).map((name) => one[name]! - other[name]!));
}

function gain({ a, b }: Weights): number {
  return 1 - (a! - 0.6) ** 2 - (b! - 0.3) ** 2;
}

function cost({ a, b }: Weights): number {
  return 1 + a! - b! / 2;
}

function costError(weights: Weights): number {
  return 0.1 * distance(weights, BASELINE);
}

const withErrors = trials.map((trial) => {
  const [gain, cost] = [trial.observations['gain']!, trial.observations['cost']!];
  const changeSem = costError(trial.weights!);
  return { ...trial, observations: { gain, cost: { ...cost, sem: 0, changeSem } } };
});
function width({ minimum, maximum }: NearOptimalWeights): number {
  return maximum['a']! - minimum['a']!;
}

describe('nearOptimalWeights', () => {
  it('ranges over the weights that the models hold near-optimal, as a sample of the polytope has them', () => {
    const [bound] = guardrailBounds(definition, trials)!;
    for (const tolerance of [0.02, 0.05]) {
      const found = at(tolerance);
      const near = samplePolytope(encoding.polytope, 40_000, randomStream(1, 'near-optimal'))
        .map((w) => toWeights(encoding, w))
        .filter(
          (weights) =>
            predicted('gain', weights) >= predicted('gain', winner.weights) - tolerance &&
            slackOf(bound!, predicted('cost', weights)) >= 0,
        );
      expect(near.length).to.be.greaterThan(200);
      for (const name of encoding.names) {
        const values = near.map((weights) => weights[name]!);
        const width = Math.max(...values) - Math.min(...values);
        expect(found.minimum[name]).to.be.within(
          Math.min(...values) - SHORT_OF * width,
          Math.min(...values) + SHORT_OF * width,
        );
        expect(found.maximum[name]).to.be.within(
          Math.max(...values) - SHORT_OF * width,
          Math.max(...values) + SHORT_OF * width,
        );
        expect(found.minimum[name]).to.be.at.most(winner.weights[name]!);
        expect(found.maximum[name]).to.be.at.least(winner.weights[name]!);
      }
    }
  });

  it('grows with the tolerance, and is the same each time', () => {
    expect(width(at(0.001))).to.be.lessThan(width(at(0.01)));
    expect(width(at(0.01))).to.be.lessThan(width(at(0.1)));
    expect(at(0.01)).to.deep.equal(at(0.01));
  });

  it('may lose what is noise: standard errors of the difference, which grow with the distance; margins of guardrails kept', () => {
    const steered = withMargins(onLog, withErrors);
    const best = bestTrial(steered.definition, steered.trials)!;
    const variances = new Map(
      trials.map(({ number, weights }) => [
        number,
        (ERROR_PER_DISTANCE * distance(weights!, best.weights)) ** 2,
      ]),
    );
    const study = withPairedVariances(steered, variances);
    const models = {
      ...fitted(study.definition, study.trials),
      [PAIRED_VARIANCE]: fitMetric(study.definition, study.trials, PAIRED_VARIANCE),
    };
    const found = nearOptimalWeights(study.definition, study.trials, models, best.weights, {
      errors: ERRORS,
    });
    // The same set by what is true of every weight, without models: a fine sample of the polytope.
    const isNear = (weights: Weights): boolean =>
      gain(best.weights) - gain(weights) <= ERRORS * ERROR_PER_DISTANCE * distance(weights, best.weights) &&
      // Var(m − c·b) at errors of 0 of either: c·Var(m − b).
      1.2 * cost(BASELINE) - cost(weights) >= 1.645 * Math.sqrt(1.2) * costError(weights);
    const near = samplePolytope(encoding.polytope, 40_000, randomStream(1, 'noise'))
      .map((w) => toWeights(encoding, w))
      .filter(isNear);
    expect(near.length).to.be.greaterThan(200);
    for (const name of encoding.names) {
      const values = near.map((weights) => weights[name]!);
      const [least, most] = [Math.min(...values), Math.max(...values)];
      expect(found.minimum[name], name).to.be.closeTo(least, 0.05 * (most - least));
      expect(found.maximum[name], name).to.be.closeTo(most, 0.05 * (most - least));
    }
  });
});
