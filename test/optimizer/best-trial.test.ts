import { expect } from 'chai';
import { completed, running } from '../../bench/races/run-study.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observation, Trial, Weights } from '../../src/domain/trial.ts';
import { type BestTrial, bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const BOUND = 1.1;
const SEM = 0.1;
/** By so many standard errors an observation clearly violates its bound. */
const CLEAR = 3;

function definitionOf(seed: number, noise: 'none' | 'known', trials: number): StudyDefinition {
  return smallDefinition({
    guardrails: [`cost <= ${BOUND}`],
    metrics: { gain: { noise }, cost: { noise } },
    initialTrials: Math.max(1, trials),
    seed,
  });
}

/** Costs of which about half violate the bound, with noise; the better the gain the dearer. */
function noisyTrials(definition: StudyDefinition, seed: number, count: number): readonly Trial[] {
  const random = randomStream(seed, 'best-trial');
  const observe = (exact: number) => ({ mean: exact + SEM * random.normal(), sem: SEM });
  return initialCandidates(definition, [], count).map((candidate, i) => {
    const { a, b } = candidate.weights as Record<'a' | 'b', number>;
    return completed(running(i + 1, candidate), {
      gain: observe(2 * a - b * b),
      cost: observe(1 + a - b / 2),
    });
  });
}

function best(definition: StudyDefinition, trials: readonly Trial[]): BestTrial | undefined {
  const hyperparameters = Object.fromEntries(
    ['gain', 'cost'].map((metric) => [metric, fitMetric(definition, trials, metric)]),
  );
  const encoding = encodeStudy(definition);
  return bestTrial(definition, trials, metricModels(definition, encoding, trials, hyperparameters));
}

function observed(trials: readonly Trial[], number: number, metric: string): number {
  return trials.find((trial) => trial.number === number)!.observations[metric]!.mean;
}

const at = (a: number, b: number): Weights => ({ a, b, c: 1 - a - b });
const withError = (mean: number): Observation => ({ mean, sem: SEM });
const exactly = (mean: number): Observation => ({ mean, sem: null });

describe('bestTrial', () => {
  it('is never a noisy trial whose own observation clearly violates a guardrail, whatever the model says', () => {
    let clear = 0;
    for (let seed = 0; seed < 40; seed++) {
      const count = 4 + (seed % 12);
      const definition = definitionOf(seed, 'known', count);
      const trials = noisyTrials(definition, seed, count);
      clear += trials.filter(({ observations }) => observations['cost']!.mean > BOUND + CLEAR * SEM).length;
      const found = best(definition, trials);
      if (found === undefined) continue;
      expect(observed(trials, found.number, 'cost'), `seed ${seed}`).to.be.at.most(BOUND + CLEAR * SEM);
    }
    expect(clear).to.be.greaterThan(20);
  });

  it('passes over the best posterior mean where its own observation violates, though all its neighbours do not', () => {
    const around = Array.from({ length: 24 }, (_, i) =>
      at(0.3 + 0.02 * (i % 5), 0.2 + 0.02 * Math.floor(i / 5)),
    );
    const definition = definitionOf(1, 'known', around.length + 1);
    const trials = [...around, at(0.341, 0.241)].map((weights, i): Trial => ({
      ...completedTrial(i + 1, weights, {}),
      observations:
        i < around.length
          ? { gain: withError(1 - 0.01 * i), cost: withError(0.5) }
          : { gain: withError(5), cost: withError(BOUND + (CLEAR + 0.01) * SEM) },
    }));
    const found = best(definition, trials)!;
    expect(found.number).to.not.equal(around.length + 1);
    expect(found.feasible).to.equal(true);
    const tolerated = trials.map((trial) => ({
      ...trial,
      observations: {
        ...trial.observations,
        cost: withError(Math.min(0.5, trial.observations['cost']!.mean)),
      },
    }));
    expect(best(definition, tolerated)!.number).to.equal(around.length + 1);
  });

  it('falls back to the likeliest feasible while none is surely so, from the first trial on', () => {
    const rules = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      for (const count of [1, 2, 3, 6]) {
        const definition = definitionOf(seed, 'known', count);
        const trials = noisyTrials(definition, seed, count);
        const found = best(definition, trials);
        if (found === undefined) continue;
        rules.add(found.rule);
        expect(found.feasible).to.equal(found.rule === 'best-posterior-mean');
      }
    }
    expect([...rules].sort()).to.deep.equal(['best-posterior-mean', 'most-probably-feasible']);
  });

  it('is the best observed value that meets every guardrail where metrics are exact, else the nearest', () => {
    const definition = definitionOf(1, 'none', 4);
    for (let seed = 0; seed < 200; seed++) {
      const random = randomStream(seed, 'exact-best');
      const trials = Array.from({ length: 1 + random.integer(8) }, (_, i) =>
        completedTrial(i + 1, at(0.1 * i, 0.1), {
          gain: random.normal(),
          cost: BOUND + 0.5 + random.normal(),
        }),
      );
      const { number, rule, feasible } = bestTrial(definition, trials)!;
      const met = trials.filter(({ observations }) => observations['cost']!.mean <= BOUND);
      const gains = met.map(({ observations }) => observations['gain']!.mean);
      const costs = trials.map(({ observations }) => observations['cost']!.mean);
      expect(feasible).to.equal(met.length > 0);
      expect(rule).to.equal(met.length > 0 ? 'best-feasible' : 'least-violating');
      if (met.length > 0) expect(observed(trials, number, 'gain')).to.equal(Math.max(...gains));
      else expect(observed(trials, number, 'cost')).to.equal(Math.min(...costs));
    }
  });

  it('is undefined while nothing is completed', () => {
    const definition = definitionOf(1, 'none', 4);
    expect(bestTrial(definition, [])).to.equal(undefined);
    expect(bestTrial(definition, [running(1, initialCandidates(definition, [], 1)[0]!)])).to.equal(undefined);
  });

  it('goes by the observation of a metric without noise, beside an objective that has some', () => {
    const definition = smallDefinition({
      guardrails: [`cost <= ${BOUND}`],
      metrics: { gain: { noise: 'known' }, cost: { noise: 'none' } },
    });
    const trials = [BOUND, BOUND + 1e-9, BOUND - 0.2, BOUND].map((cost, i) =>
      completed(
        running(i + 1, {
          weights: at(0.1 + 0.2 * i, 0.1),
          provenance: completedTrial(0, null, {}).provenance,
        }),
        {
          gain: withError(3 - i),
          cost: exactly(cost),
        },
      ),
    );
    expect(best(definition, trials)).to.include({ number: 1, rule: 'best-posterior-mean', feasible: true });
    expect(best(definition, trials.slice(1)))
      .to.include({ feasible: true })
      .and.not.include({ number: 2 });
  });
});
