import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observations, Trial, Weights } from '../../src/domain/trial.ts';
import { pairedStandardError, standardError } from '../../src/evaluator/standard-errors.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { pairedErrors, withMargins } from '../../src/optimizer/guardrail-margin.ts';
import { modelledMetrics } from '../../src/optimizer/metric-roles.ts';
import { propose } from '../../src/optimizer/propose.ts';
import { studyReport } from '../../src/optimizer/study-report.ts';
import { completedTrial } from './small-study-definition.ts';

const heads = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { score: `s_${name}`, label: name }]));
const GAIN = 'a.average_precision';
const COST = 'b.average_precision';

function onLog(keys: Readonly<Record<string, unknown>>): StudyDefinition {
  return studySchema.parse({
    name: 'margins',
    log: { path: 'log.csv', request: 'r' },
    heads,
    weights: { a: [0, 1], b: [0, 1], c: [0, 1] },
    sum: 1,
    objective: `maximize ${GAIN}`,
    baseline: { weights: { a: 0.2, b: 0.4, c: 0.4 } },
    ...keys,
  });
}

function measured(number: number, weights: Weights, observations: Observations): Trial {
  return { ...completedTrial(number, weights, {}), observations };
}

const baseline = (cost = 0.5): Trial =>
  measured(
    0,
    { a: 0.2, b: 0.4, c: 0.4 },
    { [GAIN]: { mean: 0.3, sem: 0.01, changeSem: 0 }, [COST]: { mean: cost, sem: 0.03, changeSem: 0 } },
  );

/** The value that the search steers by of the one guardrail at the last trial. */
function margined(definition: StudyDefinition, trials: readonly Trial[]): number {
  const steered = withMargins(definition, trials);
  return steered.trials.at(-1)!.observations[steered.definition.guardrails[0]!.metric]!.mean;
}

const ofMetric = (sem: number, changeSem: number): Observations => ({ m: { mean: 1, sem, changeSem } });

const cost = ({ a, b }: Weights): number => 0.5 - 0.3 * a! + 0.1 * b! * b!;

/** A trial for which the log has brought the errors of a derived metric. */
function withBoth(trial: Trial, changeSem: number): Trial {
  return {
    ...trial,
    observations: { ...trial.observations, both: { mean: 0, sem: 0.05, changeSem } },
  };
}

describe('pairedErrors', () => {
  it('gives the standard error of m − c·b for any c from three of them', () => {
    const random = randomStream(1, 'paired errors');
    const psiOfBaseline = Float64Array.from({ length: 50 }, () => random.normal());
    const psi = psiOfBaseline.map((each) => 0.9 * each + 0.3 * random.normal());
    const definition = onLog({});
    const trials = [measured(0, {}, ofMetric(standardError(psiOfBaseline), 0))];
    const own = ofMetric(standardError(psi), pairedStandardError(psi, psiOfBaseline));
    for (const c of [0, 0.5, 0.98, 1, 1.3]) {
      const expected = standardError(psi.map((each, u) => each - c * psiOfBaseline[u]!));
      expect(pairedErrors(definition, trials, 'm', own)!(c)).to.be.closeTo(expected, 1e-12);
    }
  });

  it('is null where the baseline was not measured on the log', () => {
    const definition = onLog({ baseline: { metrics: { [COST]: 0.5 } } });
    expect(pairedErrors(definition, [], COST, { [COST]: { mean: 1, sem: 0.1 } })).to.equal(null);
  });
});

describe('withMargins', () => {
  const observations = {
    [GAIN]: { mean: 0.35, sem: 0.01, changeSem: 0.002 },
    [COST]: { mean: 0.52, sem: 0.03, changeSem: 0.004 },
  };
  const trials = [baseline(), measured(1, { a: 0.6, b: 0.2, c: 0.2 }, observations)];
  const forms: readonly (readonly [string, number, number])[] = [
    [`${COST} >= baseline - 0.01`, 0.03, 0.004],
    [`${COST} <= baseline + 0.05`, 0.03, 0.004],
    [`${COST} >= 0.5`, 0.02, 0.03],
    [`${COST} >= 0.9 * baseline`, 0.07, Math.sqrt(0.1 * (0.03 ** 2 - 0.9 * 0.03 ** 2) + 0.9 * 0.004 ** 2)],
  ];
  for (const [guardrail, slack, sem] of forms) {
    it(`takes z standard errors of the slack from that of ${guardrail}`, () => {
      const definition = onLog({ guardrails: [guardrail], guardrailMargin: 2 });
      expect(margined(definition, trials)).to.be.closeTo(slack - 2 * sem, 1e-12);
    });
  }

  it("takes a metric's own error where the baseline is given, and no measurement", () => {
    const definition = onLog({
      baseline: { metrics: { [COST]: 0.5 } },
      guardrails: [`${COST} >= 0.9 * baseline`],
      guardrailMargin: 1,
    });
    const given = { ...completedTrial(0, null, { [COST]: 0.5 }) };
    expect(margined(definition, [given, trials[1]!])).to.be.closeTo(0.07 - 0.03, 1e-12);
  });

  it('takes the error of a derived metric that the log brings, not that of independent parts', () => {
    const definition = onLog({
      derived: { both: `${GAIN} + ${COST}` },
      guardrails: ['both >= baseline'],
      guardrailMargin: 1,
    });
    const found = margined(definition, [withBoth(trials[0]!, 0), withBoth(trials[1]!, 0.006)]);
    expect(found).to.be.closeTo(0.07 - 0.006, 1e-12);
  });

  it('leaves a study without a margin, or one of 0, as it is', () => {
    for (const keys of [{}, { guardrailMargin: 0 }]) {
      const definition = onLog({ guardrails: [`${COST} >= baseline`], ...keys });
      const steered = withMargins(definition, trials);
      expect(steered.definition).to.equal(definition);
      expect(steered.trials).to.equal(trials);
    }
  });

  it('makes of a better trial whose slack is within noise one that is not feasible', () => {
    const definition = onLog({ guardrails: [`${COST} >= baseline`], guardrailMargin: 1.645 });
    const cautious = measured(
      2,
      { a: 0.3, b: 0.4, c: 0.3 },
      {
        [GAIN]: { mean: 0.32, sem: 0.01, changeSem: 0.002 },
        [COST]: { mean: 0.51, sem: 0.03, changeSem: 0.001 },
      },
    );
    const bold = measured(
      3,
      { a: 0.8, b: 0.1, c: 0.1 },
      {
        [GAIN]: { mean: 0.4, sem: 0.01, changeSem: 0.01 },
        [COST]: { mean: 0.51, sem: 0.03, changeSem: 0.02 },
      },
    );
    const all = [baseline(), cautious, bold];
    expect(bestTrial(definition, all)!.number).to.equal(3);
    const report = studyReport(definition, all);
    expect(report.best!.number).to.equal(2);
    expect(report.counts.feasible).to.equal(1);
    const [guardrail] = report.best!.guardrails;
    expect(guardrail!.slack).to.be.closeTo(0.01, 1e-12);
    expect(guardrail!.margin!.sem).to.equal(0.001);
    expect(guardrail!.margin!.margin).to.be.closeTo(0.001645, 1e-12);
    expect(report.best!.metrics[GAIN]!.changeSem).to.equal(0.002);
    expect(studyReport({ ...definition, guardrailMargin: 0 }, all).best!.number).to.equal(3);
  });

  it('steers as a bound would that lies farther in by the margin, where all trials have the same error', () => {
    const random = randomStream(2, 'margins');
    const measure = (number: number, weights: Weights): Trial =>
      measured(number, weights, {
        [GAIN]: { mean: 0.2 + 0.3 * weights['a']! - 0.1 * weights['a']! ** 2, sem: 0.01, changeSem: 0.001 },
        [COST]: { mean: cost(weights), sem: 0.02, changeSem: 0.02 },
      });
    const weightsOf = (): Weights => {
      const [a, b, c] = [random.uniform(), random.uniform(), random.uniform()];
      const sum = a + b + c;
      return { a: a / sum, b: b / sum, c: 1 - a / sum - b / sum };
    };
    const all = Array.from({ length: 8 }, (_, i) => measure(i + 1, weightsOf()));
    const candidateOf = (definition: StudyDefinition): Weights => {
      const steered = withMargins(definition, all);
      const fitted = Object.fromEntries(
        modelledMetrics(steered.definition).map((metric) => [
          metric,
          fitMetric(steered.definition, steered.trials, metric),
        ]),
      );
      return propose(steered.definition, steered.trials, fitted).weights;
    };
    const withMargin = candidateOf(onLog({ guardrails: [`${COST} >= 0.4`], guardrailMargin: 1.5 }));
    const farther = candidateOf(onLog({ guardrails: [`${COST} >= 0.43`] }));
    const without = candidateOf(onLog({ guardrails: [`${COST} >= 0.4`] }));
    for (const weight of ['a', 'b', 'c']) {
      expect(withMargin[weight], weight).to.be.closeTo(farther[weight]!, 1e-4);
    }
    expect(Math.abs(without['a']! - withMargin['a']!)).to.be.greaterThan(0.01);
  });
});
