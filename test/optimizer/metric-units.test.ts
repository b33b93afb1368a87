import { expect } from 'chai';
import { runStudy, fitted } from '../../bench/races/run-study.ts';
import type { Measure } from '../../bench/problems/problem.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observation, Trial } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { propose } from '../../src/optimizer/propose.ts';
import { smallDefinition } from './small-study-definition.ts';

const measure: Measure = ({ a, b, c }) => ({
  gain: 2 - (a! - 0.5) ** 2 - 2 * (b! - 0.3) ** 2 - (c! - 0.2) ** 2 + 0.3 * Math.sin(9 * a!),
  cost: 1 + a! - b! / 2,
});
const TRIALS = 12;
const SEM = 0.02;
const NOISES = ['none', 'known', 'inferred'] as const;

/** Of the weights. Where climbs end follows the rounding of the metrics, 1e-16, over how flat the criterion is. */
const SAME = 1e-5;

/** An affine map of every metric. */
interface Unit {
  readonly scale: number;
  readonly offset: number;
}

const UNITS: readonly Unit[] = [
  { scale: 1e-12, offset: 0 },
  { scale: 1e12, offset: 0 },
  { scale: 1e-12, offset: 3e-11 },
  { scale: 1, offset: 100 },
  { scale: 1e12, offset: -3e13 },
];

function definitionOf(noise: (typeof NOISES)[number], guardrail: string): StudyDefinition {
  return smallDefinition({
    baseline: { weights: { a: 0.2, b: 0.4, c: 0.4 } },
    guardrails: [guardrail],
    metrics: { gain: { noise }, cost: { noise } },
  });
}

function withObservations(
  trials: readonly Trial[],
  map: (observation: Observation) => Observation,
): readonly Trial[] {
  return trials.map((trial) => ({
    ...trial,
    observations: Object.fromEntries(
      Object.entries(trial.observations).map(([metric, each]) => [metric, map(each)]),
    ),
  }));
}

/** The trials of a study without noise, and its metrics measured anew with noise where they have some. */
function measuredTrials(noise: (typeof NOISES)[number], guardrail: string): readonly Trial[] {
  const trials = runStudy(definitionOf('none', guardrail), measure, TRIALS);
  if (noise === 'none') return trials;
  const random = randomStream(1, 'metric-units', noise);
  return withObservations(trials, ({ mean }) => ({
    mean: mean + SEM * random.normal(),
    sem: noise === 'known' ? SEM : null,
  }));
}

const inUnit = (trials: readonly Trial[], { scale, offset }: Unit): readonly Trial[] =>
  withObservations(trials, ({ mean, sem }) => ({
    mean: scale * mean + offset,
    sem: sem === null ? null : scale * sem,
  }));

function best(definition: StudyDefinition, trials: readonly Trial[]): number {
  const models = metricModels(definition, encodeStudy(definition), trials, fitted(definition, trials));
  return bestTrial(definition, trials, models)!.number;
}

/** Expects the same next candidate, and the same best trial, after so many trials as in another unit. */
function expectSame(given: StudyDefinition, other: StudyDefinition, trials: readonly Trial[], unit: Unit) {
  for (const count of [7, 10, 13]) {
    const here = trials.slice(0, count);
    const there = inUnit(here, unit);
    const expected = propose(given, here, fitted(given, here));
    const found = propose(other, there, fitted(other, there));
    for (const [name, weight] of Object.entries(expected.weights)) {
      expect(found.weights[name], `${name} of ${count} trials`).to.be.closeTo(weight, SAME);
    }
    expect(found.provenance.generator).to.equal(expected.provenance.generator);
    expect(best(other, there)).to.equal(best(given, here));
  }
}

describe('the units of the metrics', () => {
  for (const noise of NOISES) {
    const absolute = ({ scale, offset }: Unit): StudyDefinition =>
      definitionOf(noise, `cost <= ${1.1 * scale + offset}`);
    const relative = definitionOf(noise, 'cost <= 0.95 * baseline');

    it(`change neither candidates nor the best trial, scaled and shifted, beside a number: noise ${noise}`, () => {
      const given = absolute({ scale: 1, offset: 0 });
      const trials = measuredTrials(noise, 'cost <= 1.1');
      for (const unit of UNITS) expectSame(given, absolute(unit), trials, unit);
    });

    it(`change neither candidates nor the best trial, scaled, beside the baseline: noise ${noise}`, () => {
      const trials = measuredTrials(noise, 'cost <= 0.95 * baseline');
      for (const unit of UNITS.filter(({ offset }) => offset === 0)) {
        expectSame(relative, relative, trials, unit);
      }
    });
  }
});
