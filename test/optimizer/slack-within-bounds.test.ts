import { expect } from 'chai';
import * as fc from 'fast-check';
import { observationOf } from '../../src/domain/derived-metric.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observation, Observations, Trial } from '../../src/domain/trial.ts';
import { changesWithinBounds } from '../../src/optimizer/change-bounds.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { slackMargin, withMargins } from '../../src/optimizer/guardrail-margin.ts';
import { metricScale } from '../../src/optimizer/metric-scale.ts';
import { slackBounds, slackWithinBounds } from '../../src/optimizer/slack-within-bounds.ts';
import { studyReport } from '../../src/optimizer/study-report.ts';
import { trainingData } from '../../src/optimizer/training-data.ts';
import { completedTrial } from './small-study-definition.ts';

/** Rounding of a few sums of size 1. */
const ROUNDING = 1e-14;
const GAIN = 'a.average_precision';
const COST = 'b.average_precision';
const heads = Object.fromEntries(['a', 'b'].map((name) => [name, { score: `s_${name}`, label: name }]));

function binned(keys: Readonly<Record<string, unknown>> = {}): StudyDefinition {
  return studySchema.parse({
    name: 'bounds',
    log: { path: 'log.csv', request: 'r', form: 'histogram' },
    heads,
    weights: { a: [0, 1], b: [0, 1] },
    sum: 1,
    objective: `maximize ${GAIN}`,
    guardrails: [`${COST} >= 0.9 * baseline`],
    guardrailMargin: 0,
    baseline: { weights: { a: 0.5, b: 0.5 } },
    ...keys,
  });
}

const within = (lower: number, mean: number, upper: number): Observation => ({
  mean,
  sem: null,
  bounds: { lower, upper },
});

function measured(number: number, a: number, observations: Observations): Trial {
  return { ...completedTrial(number, { a, b: 1 - a }, {}), observations };
}

const interval = fc
  .tuple(...Array.from({ length: 3 }, () => fc.double({ min: 0.1, max: 2, noNaN: true })))
  .map((ends) => ends.sort((x, y) => x - y) as [number, number, number]);

const trials = [
  measured(0, 0.5, { [GAIN]: within(0.29, 0.3, 0.31), [COST]: within(0.48, 0.5, 0.51) }),
  measured(1, 0.6, { [GAIN]: within(0.39, 0.4, 0.41), [COST]: within(0.47, 0.48, 0.49) }),
  measured(2, 0.7, { [GAIN]: within(0.49, 0.5, 0.51), [COST]: within(0.452, 0.46, 0.465) }),
];

describe('slacks of metrics that are known within bounds', () => {
  it('may be what the worst and the best of metric and baseline make them', () => {
    const relation = fc.constantFrom('>=' as const, '<=' as const);
    const factor = fc.constantFrom(-1, 0, 0.5, 0.98, 1, 1.1);
    fc.assert(
      fc.property(interval, interval, relation, factor, (m, b, is, c) => {
        const guardrail = { metric: 'm', relation: is, factor: c };
        const observations = { m: within(...m) };
        const all = [measured(0, 0.5, { m: within(...b) }), measured(1, 0.6, observations)];
        const slackAt = (value: number, baseline: number): number =>
          is === '>=' ? value - c * baseline : c * baseline - value;
        const corners = [m[0], m[2]].flatMap((value) => [b[0], b[2]].map((base) => slackAt(value, base)));
        const slack = slackAt(m[1], b[1]);
        const { bounds } = slackBounds(binned(), all, guardrail, observations, slack);
        expect(bounds!.lower).to.be.closeTo(Math.min(...corners), ROUNDING);
        expect(bounds!.upper).to.be.closeTo(Math.max(...corners), ROUNDING);
        const { changeBounds, relativeChangeBounds } = changesWithinBounds(binned(), all, 'm', all[1]!);
        expect(changeBounds!.lower).to.be.closeTo(m[0] - b[2], ROUNDING);
        expect(changeBounds!.upper).to.be.closeTo(m[2] - b[0], ROUNDING);
        expect(relativeChangeBounds!.lower).to.be.closeTo(m[0] / b[2] - 1, ROUNDING / 0.01);
        expect(relativeChangeBounds!.upper).to.be.closeTo(m[2] / b[0] - 1, ROUNDING / 0.01);
      }),
    );
  });

  it('of the baseline itself are (1 − c) of its metric', () => {
    const { observations } = trials[0]!;
    const guardrail = { metric: COST, relation: '>=', factor: 0.9 } as const;
    expect(slackWithinBounds(binned(), trials, guardrail, observations)).to.be.closeTo(0.1 * 0.02, ROUNDING);
    expect(changesWithinBounds(binned(), trials, COST, trials[0]!).changeBounds).to.deep.equal({
      lower: 0,
      upper: 0,
    });
  });

  it('have no margin where bounds are missing: a baseline that is given, metrics of rows', () => {
    const guardrail = { metric: 'm', relation: '>=', factor: 1 } as const;
    const exact = { m: { mean: 1, sem: null } };
    expect(slackWithinBounds(binned(), [measured(0, 0.5, exact)], guardrail, { ...exact })).to.equal(0);
    expect(slackBounds(binned(), [], guardrail, exact, 0.1)).to.deep.equal({});
  });

  it('are combinations of the parts of a derived metric', () => {
    const study = binned({ derived: { both: `2 * ${GAIN} - ${COST} + 1` } });
    const { mean, bounds } = observationOf(study, trials[1]!.observations, 'both')!;
    expect(mean).to.be.closeTo(2 * 0.4 - 0.48 + 1, ROUNDING);
    expect(bounds!.lower).to.be.closeTo(2 * 0.39 - 0.49 + 1, ROUNDING);
    expect(bounds!.upper).to.be.closeTo(2 * 0.41 - 0.47 + 1, ROUNDING);
  });
});

describe('guardrails of a log in the histogram form', () => {
  it('are met where the worst slack is not negative, with a margin of 0 standard errors', () => {
    const steered = withMargins(binned(), trials);
    const { metric } = steered.definition.guardrails[0]!;
    const slacks = steered.trials.map(({ observations }) => observations[metric]!);
    expect(slacks[1]!.mean).to.be.closeTo(0.47 - 0.9 * 0.51, ROUNDING);
    expect(slacks[2]!.mean).to.be.closeTo(0.452 - 0.9 * 0.51, ROUNDING);
    expect(
      slackMargin(binned(), trials, { metric: COST, relation: '>=', factor: 0.9 }, trials[2]!.observations),
    ).to.deep.equal({
      sem: null,
      margin: 0.46 - 0.452 + 0.9 * (0.51 - 0.5),
    });
    const { best, counts } = studyReport(binned(), trials);
    expect([best!.number, counts.feasible], 'trial 2 meets it by its centre alone').to.deep.equal([1, 1]);
  });

  it('and objectives are modelled with the variance of a value anywhere in its bounds', () => {
    const study = withMargins(binned(), trials);
    const encoding = encodeStudy(study.definition);
    const slack = study.definition.guardrails[0]!.metric;
    for (const [metric, widths] of [
      [GAIN, [0.02, 0.02, 0.02]],
      [slack, [0.1 * 0.03, 0.02 + 0.9 * 0.03, 0.013 + 0.9 * 0.03]],
    ] as const) {
      const scale = metricScale(study.definition, study.trials, metric);
      const { noise } = trainingData(study.definition, encoding, study.trials, metric, scale);
      expect(noise.kind).to.equal('known');
      if (noise.kind !== 'known') return;
      noise.variance.forEach((variance, i) =>
        expect(Math.sqrt(12 * variance)).to.be.closeTo(widths[i]!, ROUNDING),
      );
    }
  });
});
