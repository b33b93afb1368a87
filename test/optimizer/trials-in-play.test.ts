import { expect } from 'chai';
import { completed, fitted, running } from '../../bench/races/run-study.ts';
import { fittedValues } from '../../gp/fitted-values.ts';
import { predict } from '../../gp/posterior.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observations, Trial } from '../../src/domain/trial.ts';
import { TRIAL_STATES } from '../../src/domain/trial-state.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toUnitCube } from '../../src/optimizer/encode.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { metricModelReport } from '../../src/optimizer/metric-model-report.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { proposeBatch } from '../../src/optimizer/propose-batch.ts';
import { studyReport } from '../../src/optimizer/study-report.ts';
import { fruitlessTrials, observedTrials, pendingTrials } from '../../src/optimizer/training-data.ts';
import { trialsInPlay } from '../../src/optimizer/trials-in-play.ts';
import { runningTrial, smallDefinition } from './small-study-definition.ts';

const NOW = 1_000;
const TRIALS = 12;
const SEM = 0.01;
/** Two factorisations of one Gram matrix, rows in another order. */
const ROUNDING = 1e-8;

const NO_GAIN = 5;
const NO_COST = 8;

/** Completed trials with both metrics, but for one that lacks the gain, and one that lacks the cost but has the best gain. */
function partialTrials(definition: StudyDefinition, noisy: boolean): readonly Trial[] {
  const sem = noisy ? SEM : null;
  const stored = initialCandidates(definition, [], TRIALS).map((candidate, i): Trial => {
    const { a, b } = candidate.weights as Record<'a' | 'b', number>;
    const all: Observations = {
      gain: { mean: i + 1 === NO_COST ? 3 : Math.sin(3 * a) + b, sem },
      cost: { mean: a * b, sem },
    };
    if (i + 1 === NO_GAIN) delete all['gain'];
    if (i + 1 === NO_COST) delete all['cost'];
    return completed(running(i + 1, candidate), all);
  });
  return trialsInPlay(
    definition,
    stored.map((trial) => ({ ...trial, leaseExpiresAt: null })),
  );
}

function definitionOf(noisy: boolean, keys: object = {}): StudyDefinition {
  const noise = noisy ? 'known' : 'none';
  return smallDefinition({
    guardrails: ['cost <= 0.5'],
    metrics: { gain: { noise }, cost: { noise } },
    initialTrials: TRIALS,
    ...keys,
  });
}

describe('the trials in play', () => {
  it('are those completed, running under a lease that lasts, failed and infeasible', () => {
    const stored = [
      ...TRIAL_STATES.map((state, i) => ({
        ...runningTrial(i, { a: 1, b: 0, c: 0 }),
        state,
        leaseExpiresAt: null,
      })),
      { ...runningTrial(6, { a: 0, b: 1, c: 0 }), leaseExpiresAt: NOW },
      { ...runningTrial(7, { a: 0, b: 0, c: 1 }), leaseExpiresAt: NOW + 1 },
    ];
    const inPlay = trialsInPlay(smallDefinition(), stored, NOW);
    expect(inPlay.map(({ number, state }) => [number, state])).to.deep.equal([
      [0, 'running'],
      [1, 'completed'],
      [2, 'failed'],
      [3, 'infeasible'],
      [7, 'running'],
    ]);
    expect(pendingTrials(inPlay).map(({ number }) => number)).to.deep.equal([0, 7]);
    expect(
      fruitlessTrials(inPlay).map(({ number }) => number),
      'the completed one lacks its metric',
    ).to.deep.equal([1, 2, 3]);
    expect(observedTrials(inPlay)).to.deep.equal([]);
  });

  for (const noisy of [false, true]) {
    it(`that lack a metric teach the models of the others, ${noisy ? 'with' : 'without'} noise`, () => {
      const definition = definitionOf(noisy);
      const trials = partialTrials(definition, noisy);
      expect(observedTrials(trials)).to.have.length(TRIALS - 2);
      const models = fitted(definition, trials);
      const encoding = encodeStudy(definition);
      const both = metricModels(definition, encoding, trials, models);
      for (const [metric, missing] of [
        ['gain', NO_GAIN],
        ['cost', NO_COST],
      ] as const) {
        expect(both.get(metric)!.size).to.equal(TRIALS - 1);
        expect(metricModelReport(definition, trials, metric).observations).to.equal(TRIALS - 1);
        // The same metric as the only one of a study, which lacks nothing then.
        const alone = definitionOf(noisy, {
          objective: `maximize ${metric}`,
          guardrails: [],
          report: undefined,
          metrics: { [metric]: definition.metrics[metric] },
        });
        const having = trials
          .filter(({ number }) => number !== missing)
          .map(({ lacks: _lacks, ...trial }): Trial => trial);
        const twin = metricModels(alone, encodeStudy(alone), having, models).get(metric)!;
        const x = toUnitCube(encoding, { a: 0.21, b: 0.53, c: 0.26 });
        const [found, expected] = [predict(both.get(metric)!, x), predict(twin, x)];
        expect(found.mean).to.be.closeTo(expected.mean, ROUNDING);
        expect(found.variance).to.be.closeTo(expected.variance, ROUNDING);
        // Row by row, the first observations of each process are the observed trials.
        const values = fittedValues(both.get(metric)!);
        for (const [i, { weights }] of observedTrials(trials).entries()) {
          expect(values[i]).to.be.closeTo(
            predict(both.get(metric)!, toUnitCube(encoding, weights)).mean,
            ROUNDING,
          );
        }
      }
    });

    it(`that lack a metric are never the best nor proposed again, ${noisy ? 'with' : 'without'} noise`, () => {
      for (const keys of [
        {},
        { objective: undefined, objectives: ['maximize gain', 'minimize cost'], guardrails: [] },
      ]) {
        const definition = definitionOf(noisy, keys);
        const trials = partialTrials(definition, noisy);
        const models = fitted(definition, trials);
        const report = studyReport(definition, trials, models);
        const shown = report.best === null ? report.pareto!.trials : [report.best];
        expect(shown.length).to.be.at.least(1);
        for (const { number } of shown) expect(number).to.not.be.oneOf([NO_GAIN, NO_COST]);
        expect(report.counts.completed).to.equal(TRIALS);
        const proposed = proposeBatch(definition, trials, models, 2);
        expect(proposed).to.have.length(2);
        for (const { weights } of proposed) {
          for (const trial of trials) expect(weights).to.not.deep.equal(trial.weights);
        }
      }
      const definition = definitionOf(noisy);
      const trials = partialTrials(definition, noisy);
      const encoding = encodeStudy(definition);
      const models = metricModels(definition, encoding, trials, fitted(definition, trials));
      expect(bestTrial(definition, trials, models)!.number).to.not.equal(NO_COST);
    });
  }
});
