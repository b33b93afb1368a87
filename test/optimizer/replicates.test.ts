import { expect } from 'chai';
import { fitted } from '../../bench/races/run-study.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observation, Trial, Weights } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toUnitCube } from '../../src/optimizer/encode.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { guardrailSlack } from '../../src/optimizer/guardrail-slack.ts';
import type { FittedMetrics } from '../../src/optimizer/metric-models.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { paretoSet } from '../../src/optimizer/pareto-set.ts';
import { proposeBatch } from '../../src/optimizer/propose-batch.ts';
import { pooledObservations } from '../../src/optimizer/repeated-weights.ts';
import { observedTrials } from '../../src/optimizer/training-data.ts';
import { noisyFeasibility } from '../../src/optimizer/trial-feasibility.ts';
import { restated } from '../gp/restated.ts';
import { completedTrial, runningTrial, smallDefinition } from './small-study-definition.ts';

const BASELINE = { weights: { a: 0.2, b: 0.4, c: 0.4 } };
const RELATIVE = { baseline: BASELINE, guardrails: ['cost <= 1.1 * baseline'], initialTrials: 4 };
const NOISY = { metrics: { gain: { noise: 'known' }, cost: { noise: 'known' } } };
const SEM = 0.1;

const at = (a: number, b: number): Weights => ({ a, b, c: 1 - a - b });
const gainOf = ({ a, b }: Weights): number => 2 - (a! - 0.5) ** 2 - 2 * (b! - 0.3) ** 2;
const costOf = ({ a, b }: Weights): number => 1 + a! - b! / 2;

/** The baseline and eight trials, exact. */
const EXACT: readonly Trial[] = [
  BASELINE.weights,
  ...Array.from({ length: 8 }, (_, i) => at(0.05 + 0.07 * i, 0.1 + 0.09 * ((i * 3) % 5))),
].map((weights, number) => completedTrial(number, weights, { gain: gainOf(weights), cost: costOf(weights) }));

function measured(number: number, weights: Weights, gain: number, cost: number, sem = SEM): Trial {
  const observations = { gain: { mean: gain, sem }, cost: { mean: cost, sem } };
  return { ...completedTrial(number, weights, {}), observations };
}

function models(definition: StudyDefinition, trials: readonly Trial[], of: FittedMetrics) {
  return metricModels(definition, encodeStudy(definition), trials, of);
}

function best(definition: StudyDefinition, trials: readonly Trial[]) {
  return bestTrial(definition, trials, models(definition, trials, fitted(definition, trials)));
}

function withoutSems(trial: Trial): Trial {
  const observations = Object.entries(trial.observations).map(([metric, { mean }]): [string, Observation] => [
    metric,
    { mean, sem: null },
  ]);
  return { ...trial, observations: Object.fromEntries(observations) };
}

describe('trials at the same weights', () => {
  describe('without noise', () => {
    const definition = smallDefinition(RELATIVE);
    const repeats = [
      ...EXACT,
      ...EXACT.slice(0, 4).map((trial, i) => ({ ...trial, number: 9 + i })),
      ...EXACT.slice(0, 4).map((trial, i) => ({ ...trial, number: 13 + i })),
    ];

    it('move no candidate to where another outcome is expected', () => {
      const [next] = proposeBatch(definition, repeats, fitted(definition, repeats), 1);
      const [plain] = proposeBatch(definition, EXACT, fitted(definition, EXACT), 1);
      expect(next!.provenance.generator).to.equal('log_constrained_expected_improvement');
      expect(costOf(next!.weights)).to.be.at.most(1.1 * costOf(BASELINE.weights) + 0.02);
      for (const metric of ['gain', 'cost']) {
        const [found, expected] = [next!, plain!].map(
          ({ provenance }) => provenance.predictions[metric]!.mean,
        );
        // Hyperparameters are fitted to the repeats too, so the candidate is a near one, not the same.
        expect(found).to.be.closeTo(expected!, 0.02);
      }
    });

    it('are survived while they run, one or several of a completed trial, and one running beside itself', () => {
      const running = [0, 0, 3, 3, 3].map((of, i) => runningTrial(9 + i, EXACT[of]!.weights));
      const trials = [...EXACT, ...running];
      const batch = proposeBatch(definition, trials, fitted(definition, trials), 3);
      expect(batch.map(({ provenance }) => provenance.generator)).to.deep.equal(
        Array(3).fill('log_constrained_expected_improvement'),
      );
      for (const { provenance } of batch) {
        expect(provenance.nearestTrialDistance).to.be.greaterThan(1e-4);
        expect(provenance.predictions['gain']!.stddev).to.be.within(1e-6, 1);
      }
    });

    it('are survived where they are all there is, or contradict each other', () => {
      const one = smallDefinition({ ...RELATIVE, initialTrials: 1 });
      const same = [0, 1, 2].map((number) => ({ ...EXACT[0]!, number }));
      const only = [...same, runningTrial(3, at(0.6, 0.1))];
      expect(proposeBatch(one, only, fitted(one, only), 2)).to.have.length(2);
      const apart = [...EXACT, completedTrial(9, BASELINE.weights, { gain: 9, cost: 0.3 })];
      expect(proposeBatch(definition, apart, fitted(definition, apart), 2)).to.have.length(2);
    });

    it('are survived by the search for trade-offs, whose set has the first of them alone', () => {
      const several = smallDefinition({
        objective: undefined,
        objectives: ['maximize gain', 'minimize cost'],
        initialTrials: 4,
      });
      const set = paretoSet(several, repeats)!;
      expect(set.trials.map(({ number }) => number)).to.deep.equal(
        paretoSet(several, EXACT)!.trials.map(({ number }) => number),
      );
      const trials = [...repeats, runningTrial(17, EXACT[1]!.weights)];
      expect(proposeBatch(several, trials, fitted(several, trials), 2)).to.have.length(2);
    });

    it('go by the first observation: of the baseline for the bound, of the best trial for its value', () => {
      const luckyBaseline = completedTrial(9, BASELINE.weights, { gain: 0, cost: 100 });
      expect(guardrailBounds(definition, [...EXACT, luckyBaseline])).to.deep.equal(
        guardrailBounds(definition, EXACT),
      );
      const { number, objective } = bestTrial(definition, EXACT)!;
      const { weights } = EXACT[number]!;
      for (const gain of [-50, objective, 50]) {
        const again = completedTrial(9, weights, { gain, cost: 0.1 });
        expect(bestTrial(definition, [...EXACT, again])).to.deep.include({ number, objective });
      }
    });
  });

  describe('with noise', () => {
    const definition = smallDefinition({ ...RELATIVE, ...NOISY });
    const random = randomStream(1, 'replicates');
    const noisy = EXACT.map(({ number, weights }) =>
      measured(
        number,
        weights!,
        gainOf(weights!) + SEM * random.normal(),
        costOf(weights!) + SEM * random.normal(),
      ),
    );
    const costs = [1.05, 0.93, 1.11];
    const replicates = costs.map((cost, i) => measured(9 + i, BASELINE.weights, 1.8, cost));
    const trials = [...noisy, ...replicates];

    it('of the baseline sharpen its bound: as one observation of their mean with a quarter of the variance', () => {
      const all = [noisy[0]!, ...replicates].map(({ observations }) => observations);
      const meanOf = (metric: string): number =>
        all.reduce((sum, observations) => sum + observations[metric]!.mean, 0) / all.length;
      const pooled = measured(
        0,
        BASELINE.weights,
        meanOf('gain'),
        meanOf('cost'),
        SEM / Math.sqrt(all.length),
      );
      const once = [pooled, ...noisy.slice(1)];

      const hyperparameters = fitted(definition, trials);
      const whole = models(definition, trials, hyperparameters);
      const scaleOf = (of: readonly Trial[]) =>
        models(definition, of, hyperparameters).get('cost')!.standardization;
      const cost = restated(hyperparameters['cost']!, scaleOf(trials), scaleOf(once));
      const single = models(definition, once, { ...hyperparameters, cost });
      const encoding = encodeStudy(definition);
      const slack = (of: readonly Trial[], by: typeof whole) =>
        guardrailSlack(definition, encoding, of, by, guardrailBounds(definition, of)![0]!);
      const before = slack(
        noisy,
        models(definition, noisy, {
          ...hyperparameters,
          cost: restated(hyperparameters['cost']!, scaleOf(trials), scaleOf(noisy)),
        }),
      );
      for (const { weights } of [...noisy, runningTrial(20, at(0.31, 0.33))]) {
        const x = toUnitCube(encoding, weights!);
        const found = slack(trials, whole)(x);
        const expected = slack(once, single)(x);
        // Rounding by condition numbers of 1e5 or so.
        expect(found.mean).to.be.closeTo(expected.mean, 1e-9);
        expect(found.variance).to.be.closeTo(expected.variance, 1e-9);
        expect(found.variance).to.be.lessThan(before(x).variance);
      }
    });

    it('are pooled by their precision, each metric for itself; of exact ones the first stands', () => {
      const values = [
        { mean: 1, sem: 0.1 },
        { mean: 2, sem: 0.2 },
        { mean: 4, sem: 0.4 },
      ];
      const given = values.map((gain, i): Trial => ({
        ...completedTrial(i + 1, i === 1 ? { c: 0.5, b: 0.2, a: 0.3 } : { a: 0.3, b: 0.2, c: 0.5 }, {}),
        observations: { gain, cost: { mean: i, sem: null } },
      }));
      const other = measured(4, at(0.1, 0.1), 7, 7);
      const study = smallDefinition({ metrics: { gain: { noise: 'known' }, cost: { noise: 'none' } } });
      const pooled = (metric: string) =>
        pooledObservations(study, new Map(), observedTrials([...given, other]), metric);
      const gain = pooled('gain');
      // Precisions 100, 25 and 6.25.
      const mean = (100 * 1 + 25 * 2 + 6.25 * 4) / 131.25;
      for (const each of gain.slice(0, 3)) {
        expect(each.mean).to.be.closeTo(mean, 1e-12);
        expect(each.variance).to.be.closeTo(1 / 131.25, 1e-15);
      }
      expect(gain[3]).to.deep.equal({ mean: 7, variance: SEM ** 2 });
      expect(pooled('cost').map((each) => each.mean)).to.deep.equal([0, 0, 0, 7]);
    });

    it('decide together whether their weights clearly violate a bound', () => {
      const absolute = smallDefinition({ guardrails: ['cost <= 1'], ...NOISY, initialTrials: 4 });
      const weights = at(0.5, 0.3);
      const others = noisy.slice(1).map((trial) => ({
        ...trial,
        observations: { gain: { mean: 0, sem: SEM }, cost: { mean: 0.5, sem: SEM } },
      }));
      const series = (first: number, rest: number): readonly Trial[] =>
        [first, ...Array<number>(8).fill(rest)].map((cost, i) => measured(20 + i, weights, 3, cost));
      // One observation 3.5 standard errors above the bound, then eight far below it.
      expect(best(absolute, [...others, ...series(1 + 3.5 * SEM, 0.5)])).to.include({
        number: 20,
        feasible: true,
      });
      expect(best(absolute, [...others, ...series(1 + 3.5 * SEM, 0.5).slice(0, 1)])!.number).to.not.equal(20);
      // One that meets the bound, then eight that miss it by 1.5 standard errors each: 4 together.
      const missing = [...others, ...series(1 - SEM, 1 + 1.5 * SEM)];
      expect(best(absolute, missing)!.number).to.be.below(20);
    });

    it('miss a bound relative to the baseline by the errors of both', () => {
      const definition = smallDefinition({ ...RELATIVE, ...NOISY });
      const trials = [
        measured(0, BASELINE.weights, 1, 1, 0.3),
        ...noisy.slice(1),
        measured(20, at(0.5, 0.3), 1, 2),
      ];
      const bounds = guardrailBounds(definition, trials)!;
      const outcomes = noisyFeasibility(
        definition,
        trials,
        models(definition, trials, fitted(definition, trials)),
        bounds,
      );
      expect(outcomes.at(-1)!.violation).to.be.closeTo(0.9 / Math.sqrt(SEM ** 2 + (1.1 * 0.3) ** 2), 1e-12);
    });

    it('are the best trial under the number of the first, whatever was seen of each', () => {
      const weights = at(0.45, 0.45);
      const draws = randomStream(2, 'best-of-replicates');
      const series = Array.from({ length: 6 }, (_, i) =>
        measured(9 + i, weights, 3 + SEM * draws.normal(), 0.7 + SEM * draws.normal()),
      );
      for (const order of [series, series.toReversed()]) {
        const numbered = order.map((trial, i) => ({ ...trial, number: 9 + i }));
        expect(best(definition, [...noisy, ...numbered])).to.include({ number: 9, feasible: true });
      }
    });

    it('are survived, completed and running, with noise that is inferred too', () => {
      for (const given of [trials, trials.map(withoutSems)]) {
        const all = [...given, runningTrial(12, BASELINE.weights), runningTrial(13, noisy[3]!.weights)];
        const batch = proposeBatch(definition, all, fitted(definition, all), 2);
        expect(batch.map(({ provenance }) => provenance.generator)).to.deep.equal(
          Array(2).fill('noisy_log_expected_improvement'),
        );
      }
    });
  });
});
