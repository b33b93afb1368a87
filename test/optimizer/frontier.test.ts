import { expect } from 'chai';
import { fitted } from '../../bench/races/run-study.ts';
import { randomStream } from '../../math/random.ts';
import type { Guardrail } from '../../src/domain/guardrail.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { type BestTrial, bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { type Frontier, frontiers } from '../../src/optimizer/frontier.ts';
import { guardrailAt } from '../../src/optimizer/guardrail-form.ts';
import { withMargins } from '../../src/optimizer/guardrail-margin.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const SEM = 0.02;
const TRIALS = 14;
const MARGIN = 1.645;
const BASELINE: Weights = { a: 0.3, b: 0.3, c: 0.4 };
/** Roots of a quadratic whose coefficients differ by some orders of magnitude. */
const ROUNDING = 1e-7;

interface Case {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
}

/**
 * `margin`: exact on one log, with standard errors that differ from trial to trial; `bounds`: on a log in the histogram form, within
 * bounds that do.
 */
type Noise = 'none' | 'margin' | 'bounds' | 'known' | 'cost exact';

function isModelledExactly(noise: Noise): boolean {
  return noise === 'none' || isOnLog(noise);
}

function isOnLog(noise: Noise): boolean {
  return noise === 'margin' || noise === 'bounds';
}

function studyWith(guardrails: readonly string[], noise: Noise, seed: number, direction = 'maximize'): Case {
  const metrics = {
    gain: { noise: isModelledExactly(noise) ? 'none' : 'known' },
    cost: { noise: noise === 'known' ? 'known' : 'none' },
    reach: { noise: isModelledExactly(noise) ? 'none' : 'known' },
  };
  const definition = smallDefinition({
    objective: `${direction} gain`,
    guardrails,
    metrics,
    report: ['cost', 'reach'],
    baseline: { weights: BASELINE },
    initialTrials: TRIALS,
    seed,
  });
  const random = randomStream(seed, 'frontier');
  const observe = (metric: keyof typeof metrics, exact: number) => {
    if (noise === 'margin') {
      const changeSem = SEM * random.uniform();
      return { mean: exact, sem: 2 * SEM, changeSem };
    }
    if (noise === 'bounds') {
      const bounds = { lower: exact - SEM * random.uniform(), upper: exact + SEM * random.uniform() };
      return { mean: exact, sem: null, bounds };
    }
    const isExact = metrics[metric].noise === 'none';
    return { mean: isExact ? exact : exact + SEM * random.normal(), sem: isExact ? null : SEM };
  };
  const candidates = initialCandidates(definition, [], TRIALS).map(({ weights }) => weights);
  const sign = direction === 'maximize' ? 1 : -1;
  const trials = [BASELINE, ...candidates].map((weights, number): Trial => {
    const { a, b } = weights as Record<'a' | 'b', number>;
    const observations = {
      gain: observe('gain', sign * (a + a * b)),
      cost: observe('cost', 1 + a - b / 3),
      reach: observe('reach', 0.6 - a / 2 + b / 4),
    };
    if (noise === 'margin' && number === 0)
      for (const each of Object.values(observations)) Object.assign(each, { changeSem: 0 });
    return { ...completedTrial(number, weights, {}), observations };
  });
  if (!isOnLog(noise)) return { definition, trials };
  const form = noise === 'bounds' ? 'histogram' : 'rows';
  const log = { path: 'log.csv', request: 'r', nullScores: 'refuse', form } as const;
  const guardrailMargin = noise === 'bounds' ? 0 : MARGIN;
  return { definition: { ...definition, log, guardrailMargin }, trials };
}

function modelsOf({ definition, trials }: Case) {
  return metricModels(definition, encodeStudy(definition), trials, fitted(definition, trials));
}

/** The best trial of the study with one guardrail's constant changed, by the rule itself. */
function bestAt(
  { definition, trials }: Case,
  k: number,
  frontier: Frontier,
  c: number,
  models?: ReturnType<typeof modelsOf>,
) {
  const guardrails = definition.guardrails.map((guardrail, i): Guardrail =>
    i === k ? guardrailAt(guardrail, frontier.form, c) : guardrail,
  );
  const steered = withMargins({ ...definition, guardrails }, trials);
  const best = bestTrial(steered.definition, steered.trials, models);
  return best?.feasible === true ? best : undefined;
}

const CASES: Readonly<Record<string, readonly string[]>> = {
  'multiples of the baseline': ['cost <= 1.1 * baseline', 'reach >= 0.9 * baseline'],
  'distances from the baseline': ['cost <= baseline + 0.05', 'reach >= baseline - 0.04'],
  'bounds that are values': ['cost <= 1.3', 'reach >= 0.4'],
  'bounds of different forms': ['cost <= baseline', 'reach >= 0.35', 'cost >= 0.5 * baseline'],
};

describe('frontiers', () => {
  for (const [what, guardrails] of Object.entries(CASES)) {
    for (const noise of ['none', 'margin', 'bounds', 'known', 'cost exact'] as const) {
      for (const direction of ['maximize', 'minimize']) {
        it(`are what the best trial is at each bound: ${what}, noise ${noise}, ${direction}`, () => {
          let steps = 0;
          for (let seed = 0; seed < 4; seed++) {
            const study = studyWith(guardrails, noise, seed, direction);
            const models = isModelledExactly(noise) ? undefined : modelsOf(study);
            const stairs = frontiers(study.definition, study.trials, models)!;
            const steered = withMargins(study.definition, study.trials);
            const own = bestTrial(steered.definition, steered.trials, models);
            const sign = direction === 'maximize' ? 1 : -1;
            for (const [k, frontier] of stairs.entries()) {
              const at = (c: number): BestTrial | undefined => bestAt(study, k, frontier, c, models);
              const stricter = frontier.relation === '>=' ? 1 : -1;
              const isExact =
                isModelledExactly(noise) || (noise === 'cost exact' && frontier.metric === 'cost');
              steps += frontier.steps.length;
              for (const [i, step] of frontier.steps.entries()) {
                const { c, trial, objective, bound } = step;
                const margin = ROUNDING * Math.max(1, Math.abs(c));
                const met = at(isExact ? c : c - stricter * margin)!;
                expect(met.number, `step ${i}`).to.equal(trial);
                expect(sign * met.objective).to.equal(objective);
                expect(at(c + stricter * margin)?.number, `beyond step ${i}`).to.equal(
                  frontier.steps[i - 1]?.trial,
                );
                expect(step.margin === null).to.equal(!isOnLog(noise));
                if (noise === 'margin') {
                  // By the independent sum of variances: of the trial, of c times the baseline, less twice their covariance.
                  const { mean, sem, changeSem } = study.trials.find((each) => each.number === trial)!
                    .observations[frontier.metric]!;
                  const base = study.trials[0]!.observations[frontier.metric]!;
                  const covariance = (sem! ** 2 + base.sem! ** 2 - changeSem! ** 2) / 2;
                  const factor = { multiple: c, difference: 1, value: 0 }[frontier.form];
                  const variance = sem! ** 2 - 2 * factor * covariance + (factor * base.sem!) ** 2;
                  expect(step.margin).to.be.closeTo(MARGIN * Math.sqrt(variance), 1e-9);
                  expect(stricter * (mean - bound)).to.be.closeTo(step.margin!, 1e-9);
                }
                const observed = study.trials.find(({ number }) => number === trial)!.observations;
                if (noise === 'bounds') {
                  const { lower, upper } = observed[frontier.metric]!.bounds!;
                  const base = study.trials[0]!.observations[frontier.metric]!.bounds!;
                  const worst = stricter > 0 ? lower : upper;
                  const reference = stricter > 0 ? base.upper : base.lower;
                  const paired = trial === 0 ? worst : reference;
                  const bound = { multiple: worst / paired, difference: worst - paired, value: worst };
                  expect(c).to.be.closeTo(bound[frontier.form], 1e-9);
                }
                if (isExact && !isOnLog(noise))
                  expect(bound).to.be.closeTo(observed[frontier.metric]!.mean, 1e-12);
              }
              const present = frontier.present === null ? undefined : frontier.steps[frontier.present]!.trial;
              expect(present).to.equal(own?.feasible === true ? own.number : undefined);
              // Between the steps, and beyond both ends.
              const random = randomStream(seed, what, k);
              const ends = frontier.steps.map(({ c }) => c);
              for (let probe = 0; probe < 20 && ends.length > 0; probe++) {
                const low = Math.min(...ends) - 0.05;
                const c = low + (Math.max(...ends) + 0.05 - low) * random.uniform();
                const met = frontier.steps.findLast((each) => stricter * (each.c - c) >= 0);
                expect(at(c)?.number).to.equal(met?.trial);
              }
            }
          }
          expect(steps).to.be.greaterThan(8);
        });
      }
    }
  }

  it('are undefined while the baseline is not measured', () => {
    const { definition, trials } = studyWith(CASES['multiples of the baseline']!, 'none', 1);
    expect(frontiers(definition, trials.slice(1), undefined)).to.equal(undefined);
  });

  it('have no steps where the baseline is within its margin of 0, and none of its multiples is one', () => {
    const { definition, trials } = studyWith(CASES['multiples of the baseline']!, 'margin', 1);
    const noisy = trials.map(({ observations, ...trial }) => ({
      ...trial,
      observations: { ...observations, cost: { ...observations['cost']!, sem: 2 / MARGIN } },
    }));
    const [cost, reach] = frontiers(definition, noisy, undefined)!;
    expect([cost!.baselineIsNoise, cost!.steps, cost!.present]).to.deep.equal([true, [], null]);
    expect(reach!.baselineIsNoise).to.equal(false);
  });

  it('take a baseline that is not positive as a distance', () => {
    const definition = smallDefinition({ guardrails: ['cost >= baseline'], baseline: { weights: BASELINE } });
    const trials = [BASELINE, { a: 1, b: 0, c: 0 }].map((weights, number) =>
      completedTrial(number, weights, { gain: number, cost: number - 1 }),
    );
    const [frontier] = frontiers(definition, trials, undefined)!;
    expect(frontier!.form).to.equal('difference');
    expect(frontier!.steps.map(({ guardrail, trial }) => [guardrail, trial])).to.deep.equal([
      ['cost >= baseline + 1', 1],
    ]);
  });
});
