import { expect } from 'chai';
import { completed, running } from '../../bench/races/run-study.ts';
import { predict } from '../../gp/posterior.ts';
import { normalCdf } from '../../math/normal.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { encodeStudy, toUnitCube } from '../../src/optimizer/encode.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { reportTakesModels, studyReport } from '../../src/optimizer/study-report.ts';
import { trialReport } from '../../src/optimizer/trial-report.ts';
import { smallDefinition } from './small-study-definition.ts';

const TRIALS = 24;
const SEM = 0.05;
const FACTOR = 0.98;
/** The baseline's one observation is lucky by so many standard errors: a bound from it alone is out of reach. */
const LUCK = 2;
/** Means of three weights' posteriors come from sums of some dozen products of order one. */
const ROUNDING = 1e-9;

const BASELINE: Weights = { a: 0.4, b: 0.3, c: 0.3 };

function definitionOf(noise: 'known' | 'none'): StudyDefinition {
  return smallDefinition({
    guardrails: [`cost >= ${FACTOR} * baseline`],
    metrics: { gain: { noise: 'known' }, cost: { noise } },
    baseline: { weights: BASELINE },
    initialTrials: TRIALS,
  });
}

function trialsOf(definition: StudyDefinition): readonly Trial[] {
  const random = randomStream(8, 'noisy-report');
  const exact = definition.metrics['cost']!.noise === 'none';
  const candidates = initialCandidates(definition, [], TRIALS);
  const baseline = { weights: BASELINE, provenance: candidates[0]!.provenance };
  return [baseline, ...candidates].map((candidate, number) => {
    const { a, b } = candidate.weights as Record<'a' | 'b', number>;
    const luck = number === 0 ? LUCK : random.normal();
    return completed(running(number, candidate), {
      gain: { mean: a - (b - 0.2) ** 2 + SEM * random.normal(), sem: SEM },
      cost: exact ? { mean: 1 - a, sem: null } : { mean: 1 - a + SEM * luck, sem: SEM },
    });
  });
}

describe('the report of trials whose metrics have noise, before the baseline is measured,', () => {
  it('waits for it, without a model of any metric', () => {
    const definition = definitionOf('known');
    const [, ...trials] = trialsOf(definition);
    expect(reportTakesModels(definition, trials)).to.equal(false);
    const { waitingFor, best, counts } = studyReport(definition, trials);
    expect(waitingFor).to.equal('the baseline (trial 0) is not measured yet');
    expect([best, counts.completed, counts.feasible]).to.deep.equal([null, TRIALS, null]);
    expect(reportTakesModels(definition, trialsOf(definition))).to.equal(true);
  });
});

function modelled(definition: StudyDefinition, trials: readonly Trial[]) {
  const fitted = Object.fromEntries(
    ['gain', 'cost'].map((metric) => [metric, fitMetric(definition, trials, metric)]),
  );
  const encoding = encodeStudy(definition);
  const models = metricModels(definition, encoding, trials, fitted);
  const bounds = guardrailBounds(definition, trials)!;
  const context = { definition, trials, encoding, models, bounds };
  const mean = (metric: string, weights: Weights): number =>
    predict(models.get(metric)!, toUnitCube(encoding, weights)).mean;
  return { fitted, context, mean };
}

describe('the report of a study with a noisy baseline', () => {
  const definition = definitionOf('known');
  const trials = trialsOf(definition);
  const { fitted, context, mean } = modelled(definition, trials);
  const reports = trials.map(({ number }) =>
    trialReport(context, { number, rule: 'best-posterior-mean', feasible: true }),
  );
  const bound = FACTOR * mean('cost', BASELINE);

  it('gives the bound that the probability refers to: of the posterior mean at the baseline', () => {
    const asObserved = FACTOR * trials[0]!.observations['cost']!.mean;
    expect(asObserved - bound).to.be.greaterThan(SEM / 2);
    for (const { guardrails } of reports) expect(guardrails[0]!.bound).to.be.closeTo(bound, ROUNDING);
  });

  it('never says met and less likely than not, or violated and more likely, of one trial', () => {
    const verdicts = reports.map(({ guardrails: [guardrail], weights }) => {
      const { value, slack, met, probability } = guardrail!;
      expect(value).to.be.closeTo(mean('cost', weights), ROUNDING);
      expect(slack).to.be.closeTo(value - bound, ROUNDING);
      expect(met).to.equal(probability! >= 0.5);
      return met;
    });
    expect(new Set(verdicts).size).to.equal(2);
  });

  it('counts as feasible the trials that meet the guardrail with the study’s confidence, the baseline not', () => {
    const likely = reports.filter(({ guardrails }) => guardrails[0]!.probability! >= 0.95);
    const candidates = likely.filter(({ number }) => number !== 0);
    const report = studyReport(definition, trials, fitted);
    expect(candidates.length).to.be.within(3, TRIALS - 3);
    expect(report.counts.feasible).to.equal(candidates.length);
    expect(report.best!.feasible).to.equal(true);
    expect(likely.map(({ number }) => number)).to.include(report.best!.number);
  });

  it('shows what was observed beside it, and takes changes from the posterior means', () => {
    const { metrics, weights } = reports[3]!;
    const { value, baseline, change, relativeChange, observed } = metrics['gain']!;
    const measured = trials.map(({ observations }) => observations['gain']!.mean);
    expect(observed).to.deep.equal({ value: measured[3], sem: SEM, baseline: measured[0] });
    expect(value).to.be.closeTo(mean('gain', weights), ROUNDING);
    expect(baseline).to.be.closeTo(mean('gain', BASELINE), ROUNDING);
    expect(change).to.equal(value - baseline!);
    expect(relativeChange).to.equal(change! / Math.abs(baseline!));
    expect(reports[3]!.beatsBaseline).to.equal(change! > 0);
  });

  it('takes an absolute bound as it stands, and P(met) from the posterior of the value alone', () => {
    const absolute = smallDefinition({ ...definition, guardrails: ['cost >= 0.5'] });
    const { context: of } = modelled(absolute, trials);
    const [guardrail] = trialReport(of, {
      number: 5,
      rule: 'best-posterior-mean',
      feasible: true,
    }).guardrails;
    const moments = predict(of.models.get('cost')!, toUnitCube(of.encoding, trials[5]!.weights!));
    expect(guardrail!.bound).to.equal(0.5);
    expect(guardrail!.probability).to.be.closeTo(
      normalCdf((moments.mean - 0.5) / Math.sqrt(moments.variance)),
      ROUNDING,
    );
  });

  it('goes by the observations of a guardrail’s metric that is exact: met or not, with probability 1 or 0', () => {
    const exact = definitionOf('none');
    const measured = trialsOf(exact);
    const { context: of, fitted: hyperparameters } = modelled(exact, measured);
    const probabilities = measured.map(({ number, observations }) => {
      const [guardrail] = trialReport(of, { number, rule: 'best-posterior-mean', feasible: true }).guardrails;
      const { bound: limit, value, met, probability } = guardrail!;
      expect(limit).to.equal(FACTOR * measured[0]!.observations['cost']!.mean);
      expect(value).to.equal(observations['cost']!.mean);
      expect(met).to.equal(value >= limit);
      expect(probability).to.equal(met ? 1 : 0);
      return probability;
    });
    const feasible = probabilities.slice(1).filter((probability) => probability === 1).length;
    expect(studyReport(exact, measured, hyperparameters).counts.feasible).to.equal(feasible);
  });
});
