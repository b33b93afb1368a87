import { expect } from 'chai';
import { completed, fitted, running } from '../../bench/races/run-study.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observation, Trial, Weights } from '../../src/domain/trial.ts';
import { predict } from '../../gp/posterior.ts';
import { encodeStudy, toUnitCube } from '../../src/optimizer/encode.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { propose } from '../../src/optimizer/propose.ts';
import { smallDefinition } from './small-study-definition.ts';

const TRIALS = 40;
const NOISE_STDDEV = 0.1;
const PRECISE_SEM = 1e-3;
/** Which has no sem, or a large one, and is far too high; in the middle, so that others contradict it. */
const LUCKY = 1;
const LUCK = 0.5;

const truth = ({ a, b, c }: Weights): number => 1 - (a! - 0.5) ** 2 - 2 * (b! - 0.3) ** 2 - (c! - 0.2) ** 2;

type Noise = 'known' | 'inferred' | 'both';

/** What the study says of its noise: both in one metric is known noise of which some observations do not bring theirs. */
function definitionOf(noise: Noise): StudyDefinition {
  const kind = noise === 'inferred' ? 'inferred' : 'known';
  return smallDefinition({
    objective: 'maximize gain',
    guardrails: ['cost <= 1.3'],
    initialTrials: TRIALS,
    ...(noise === 'both' ? { metrics: {} } : { metrics: { gain: { noise: kind }, cost: { noise: kind } } }),
  });
}

/** Every third observation of `both` is precise and says so; the others have noise, and say so where it is known. */
function semOf(noise: Noise, number: number): number | null {
  if (noise === 'known') return NOISE_STDDEV;
  return noise === 'both' && number % 3 === 0 ? PRECISE_SEM : null;
}

function trialsOf(noise: Noise): readonly Trial[] {
  const random = randomStream(1, 'noise', noise);
  return initialCandidates(definitionOf(noise), [], TRIALS).map((candidate, i) => {
    const number = i + 1;
    const sem = semOf(noise, number);
    const observe = (exact: number, luck: number): Observation => ({
      mean: exact + (sem ?? NOISE_STDDEV) * random.normal() + luck,
      sem,
    });
    const { a, b } = candidate.weights;
    return completed(running(number, candidate), {
      gain: observe(truth(candidate.weights), number === LUCKY ? LUCK : 0),
      cost: observe(1 + a! - b! / 2, 0),
    });
  });
}

function models(noise: Noise, trials: readonly Trial[]) {
  const definition = definitionOf(noise);
  const encoding = encodeStudy(definition);
  const hyperparameters = fitted(definition, trials);
  const of = metricModels(definition, encoding, trials, hyperparameters);
  return {
    gain: (weights: Weights) => predict(of.get('gain')!, toUnitCube(encoding, weights)),
    noiseStddev: Math.sqrt(hyperparameters['gain']!.noiseVariance) * of.get('gain')!.standardization.stddev,
  };
}

describe('noise', () => {
  for (const noise of ['known', 'inferred', 'both'] as const) {
    const definition = definitionOf(noise);
    const trials = trialsOf(noise);

    it(`that is ${noise} is told from the metric: one lucky trial is not taken for the best`, () => {
      const { weights, provenance } = propose(definition, trials, fitted(definition, trials));
      expect(provenance.generator).to.equal('noisy_log_expected_improvement');
      expect(truth(weights)).to.be.greaterThan(0.93);
      const lucky = trials[LUCKY - 1]!;
      const { mean } = models(noise, trials).gain(lucky.weights!);
      expect(mean).to.be.lessThan(lucky.observations['gain']!.mean - LUCK / 4);
    });

    it(`that is ${noise} lets a candidate be the same twice, whatever order the metrics are told in`, () => {
      const reordered = trials.map((trial) => ({
        ...trial,
        observations: Object.fromEntries(Object.entries(trial.observations).reverse()),
      }));
      const first = propose(definition, trials, fitted(definition, trials));
      expect(propose(definition, reordered, fitted(definition, reordered))).to.deep.equal(first);
    });
  }

  it('is inferred from the observations that do not bring their own, within a factor of two', () => {
    for (const noise of ['inferred', 'both'] as const) {
      const { noiseStddev } = models(noise, trialsOf(noise));
      expect(noiseStddev).to.be.within(NOISE_STDDEV / 2, NOISE_STDDEV * 2);
    }
  });

  it('of each observation counts by itself: precise ones are kept, the others are smoothed', () => {
    const trials = trialsOf('both');
    const { gain } = models('both', trials);
    const misses = (precise: boolean): number => {
      const of = trials.filter(({ number }) => (number % 3 === 0) === precise);
      const squares = of.map(({ weights, observations }) => {
        return (gain(weights!).mean - observations['gain']!.mean) ** 2;
      });
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / of.length);
    };
    expect(misses(true)).to.be.lessThan(2 * PRECISE_SEM);
    expect(misses(false)).to.be.greaterThan(NOISE_STDDEV / 2);
  });
});
