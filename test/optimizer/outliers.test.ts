import { expect } from 'chai';
import {
  completed,
  exactly,
  fitted,
  measuredBaseline,
  nextCandidate,
  running,
} from '../../bench/races/run-study.ts';
import type { Measure } from '../../bench/problems/problem.ts';
import type { Observations, Trial } from '../../src/domain/trial.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { smallDefinition } from './small-study-definition.ts';

/** The guardrail cuts the optimum off: at most 1.9328 is gained where the cost is 1.1, which is at the edge. */
const measure: Measure = ({ a, b, c }) => ({
  gain: 2 - (a! - 0.5) ** 2 - 2 * (b! - 0.3) ** 2 - (c! - 0.2) ** 2,
  cost: 1 + a! - b! / 2,
});
const OPTIMUM = 1.9328;
const BOUND = 1.1;
const INITIAL = 12;
const LATER = 8;
/** Which of the initial trials was measured wrongly. */
const SPOILT = 5;
const OUTLIER = 1e6;
const SEM = 0.01;
/** Of a gain that varies by 1 over the weights, and a cost that varies by 1.5. */
const NEAR = 0.02;
/** What studies without an outlier are off by after as many trials, 2e-3 where sems of 0.01 leave a margin to the bound. */
const FOUND = 5e-3;

type Metrics = Readonly<Record<string, number>>;

const OUTLIERS: Readonly<Record<string, (metrics: Metrics) => Metrics>> = {
  'a violation of a million': (metrics) => ({ ...metrics, cost: OUTLIER }),
  'a slack of a million': (metrics) => ({ ...metrics, cost: -OUTLIER }),
  'a loss of a million': (metrics) => ({ ...metrics, gain: -OUTLIER }),
};

const asItIs = (metrics: Metrics): Metrics => metrics;
const withError = (metrics: Metrics): Observations =>
  Object.fromEntries(Object.entries(metrics).map(([metric, mean]) => [metric, { mean, sem: SEM }]));

type Noise = 'none' | 'known' | 'inferred';

function studyOf(noise: Noise, guardrail: string): StudyDefinition {
  return smallDefinition({
    baseline: { weights: { a: 0.2, b: 0.4, c: 0.4 } },
    guardrails: [guardrail],
    metrics: { gain: { noise }, cost: { noise } },
    initialTrials: INITIAL,
    seed: 1,
  });
}

/** The baseline and the initial trials, one of them measured as `spoil` says. */
function measured(
  definition: StudyDefinition,
  observe: (metrics: Metrics) => Observations,
  spoil: (metrics: Metrics) => Metrics,
): Trial[] {
  const baseline = measuredBaseline(definition, measure).map((trial) =>
    completed(trial, observe(measure(trial.weights!))),
  );
  const initial = initialCandidates(definition, [], INITIAL).map((candidate, i) => {
    const metrics = measure(candidate.weights);
    return completed(running(i + 1, candidate), observe(i + 1 === SPOILT ? spoil(metrics) : metrics));
  });
  return [...baseline, ...initial];
}

describe('one outlier', () => {
  for (const noise of ['none', 'known', 'inferred'] as const) {
    const observe = noise === 'known' ? withError : exactly;
    for (const [bounded, guardrail] of [
      ['a number', `cost <= ${BOUND}`],
      ['relative to the baseline', `cost <= ${BOUND} * baseline`],
    ] as const) {
      for (const [what, spoil] of Object.entries(OUTLIERS)) {
        it(`leaves candidates near the optimum, bounds being ${bounded}, noise ${noise}: ${what}`, () => {
          const definition = studyOf(noise, guardrail);
          const trials = measured(definition, observe, spoil);
          const later = Array.from({ length: LATER }, () => {
            const candidate = nextCandidate(definition, trials);
            const metrics = measure(candidate.weights);
            trials.push(completed(running(trials.length, candidate), observe(metrics)));
            return metrics;
          });
          const [next] = later;
          expect(next!['gain']).to.be.closeTo(OPTIMUM, NEAR);
          expect(next!['cost']).to.be.closeTo(BOUND, NEAR);
          const gains = later.filter(({ cost }) => cost! <= BOUND).map(({ gain }) => gain!);
          expect(OPTIMUM - Math.max(...gains)).to.be.lessThan(FOUND);
        });
      }
    }
  }

  it('changes no lengthscale of the metric by half', () => {
    const definition = studyOf('none', `cost <= ${BOUND}`);
    const clean = fitted(definition, measured(definition, exactly, asItIs));
    const spoilt = fitted(definition, measured(definition, exactly, OUTLIERS['a violation of a million']!));
    spoilt['cost']!.lengthscales.forEach((lengthscale, k) =>
      expect(lengthscale / clean['cost']!.lengthscales[k]!).to.be.within(2 / 3, 3 / 2),
    );
  });
});
