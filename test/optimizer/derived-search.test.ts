import { expect } from 'chai';
import { completed, fitted, nextCandidate, running, runStudy } from '../../bench/races/run-study.ts';
import type { Measure } from '../../bench/problems/problem.ts';
import { jointPosterior, predict } from '../../gp/posterior.ts';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observations, Trial, Weights } from '../../src/domain/trial.ts';
import { analyticSearch } from '../../src/optimizer/analytic-search.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toUnitCube } from '../../src/optimizer/encode.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { guardrailSlack } from '../../src/optimizer/guardrail-slack.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { metricModels } from '../../src/optimizer/metric-models.ts';
import { propose } from '../../src/optimizer/propose.ts';
import { smallDefinition } from './small-study-definition.ts';

const BASELINE = { weights: { a: 0.2, b: 0.4, c: 0.4 } };
const PARTS = ['gain', 'cost', 'reach', 'load'] as const;
const allWith = (noise: string) => Object.fromEntries(PARTS.map((part) => [part, { noise }]));
const SEM = 0.02;

const measure: Measure = ({ a, b, c }) => ({
  gain: 2 - (a! - 0.5) ** 2 - 2 * (b! - 0.3) ** 2 - (c! - 0.2) ** 2,
  cost: 1 + a! - b! / 2,
  reach: 1 + b! * (1 - b!) - a! * c!,
  load: 1 + (c! - 0.6) ** 2,
});

/** Net, of gain and cost, and ease, of reach and load: no part is in both. */
const DERIVED = { net: '2 * gain - 0.5 * cost + 1', ease: 'reach - 0.8 * load' };

function definitionOf(noise: string, keys: object = {}): StudyDefinition {
  return smallDefinition({
    derived: DERIVED,
    objective: 'maximize net',
    guardrails: ['ease >= 0.9 * baseline'],
    baseline: BASELINE,
    metrics: allWith(noise),
    report: PARTS,
    initialTrials: 6,
    seed: 3,
    ...keys,
  });
}

/** What the study measures at these weights, with Gaussian noise by the trial's number where it has any. */
function observe(noise: string, number: number, weights: Weights): Observations {
  const random = randomStream(5, 'derived', number);
  return Object.fromEntries(
    Object.entries(measure(weights)).map(([metric, exact]) => [
      metric,
      {
        mean: exact + (noise === 'none' ? 0 : SEM * random.normal()),
        sem: noise === 'known' ? SEM : null,
      },
    ]),
  );
}

/** The baseline and so many candidates of the design, measured. */
function trialsOf(definition: StudyDefinition, noise: string, count: number): Trial[] {
  const baseline = completedAt(noise, 0, BASELINE.weights);
  const designed = initialCandidates(definition, [], count).map(({ weights }, i) =>
    completedAt(noise, i + 1, weights),
  );
  return [baseline, ...designed];
}

function completedAt(noise: string, number: number, weights: Weights): Trial {
  const provenance = initialCandidates(definitionOf(noise), [], 1)[0]!.provenance;
  return completed(running(number, { weights, provenance }), observe(noise, number, weights));
}

function modelsOf(definition: StudyDefinition, trials: readonly Trial[]) {
  const encoding = encodeStudy(definition);
  return { encoding, models: metricModels(definition, encoding, trials, fitted(definition, trials)) };
}

const net = (weights: Weights): number => {
  const { gain, cost } = measure(weights);
  return 2 * gain! - 0.5 * cost! + 1;
};
const ease = (weights: Weights): number => {
  const { reach, load } = measure(weights);
  return reach! - 0.8 * load!;
};
const BOUND = 0.9 * ease(BASELINE.weights);

/** The best net on a grid of 1/250, under the bound and free of it: under it a grid misses the slope along it times that. */
function gridOptimum(): { readonly guarded: number; readonly free: number } {
  const steps = 250;
  let guarded = -Infinity;
  let free = -Infinity;
  for (let i = 0; i <= steps; i++) {
    for (let j = 0; j <= steps - i; j++) {
      const weights = { a: i / steps, b: j / steps, c: (steps - i - j) / steps };
      free = Math.max(free, net(weights));
      if (ease(weights) >= BOUND) guarded = Math.max(guarded, net(weights));
    }
  }
  return { guarded, free };
}

const PROBES = [
  { a: 0.5, b: 0.3, c: 0.2 },
  { a: 0.1, b: 0.6, c: 0.3 },
  { a: 0.3, b: 0.1, c: 0.6 },
];

describe('a search of derived metrics', () => {
  const definition = definitionOf('none');
  const trials = trialsOf(definition, 'none', 6);
  const { encoding, models } = modelsOf(definition, trials);
  const bounds = guardrailBounds(definition, trials)!;

  it('fits a model to each part, and predicts the derived metrics beside them', () => {
    expect([...models.keys()]).to.deep.equal([...PARTS]);
    const { provenance, weights } = propose(definition, trials, fitted(definition, trials));
    const { predictions, hyperparameters } = provenance;
    expect(Object.keys(hyperparameters)).to.deep.equal([...PARTS]);
    expect(Object.keys(predictions)).to.deep.equal([...PARTS, 'net', 'ease']);
    const { gain, cost, net } = predictions;
    expect(net!.mean).to.be.closeTo(2 * gain!.mean - 0.5 * cost!.mean + 1, 1e-12);
    expect(net!.stddev).to.be.closeTo(Math.hypot(2 * gain!.stddev, 0.5 * cost!.stddev), 1e-12);
    expect(weights['a']! + weights['b']! + weights['c']!).to.be.closeTo(1, 1e-9);
  });

  it('improves, in closed form, by what samples of the parts improve, within 4.5 standard errors', () => {
    const random = randomStream(2, 'analytic');
    for (const weights of PROBES) {
      const x = toUnitCube(encoding, weights);
      const drawn = PARTS.map((part) => predict(models.get(part)!, x));
      const draw = () => {
        const [gain, cost, reach, load] = drawn.map(
          ({ mean, variance }) => mean + Math.sqrt(variance) * random.normal(),
        );
        return { net: 2 * gain! - 0.5 * cost! + 1, ease: reach! - 0.8 * load! };
      };
      // The levels are the means, which half of the samples pass each.
      const [gain, cost, reach, load] = drawn.map(({ mean }) => mean);
      const best = 2 * gain! - 0.5 * cost! + 1;
      const level = { ...bounds[0]!, bound: reach! - 0.8 * load! };
      const { criterion } = analyticSearch(definition, models, [level], best);
      const gains = Float64Array.from({ length: 40_000 }, () => {
        const { net, ease } = draw();
        return ease >= level.bound ? Math.max(0, net - best) : 0;
      });
      const mean = gains.reduce((sum, each) => sum + each, 0) / gains.length;
      const variance = gains.reduce((sum, each) => sum + (each - mean) ** 2, 0) / gains.length;
      const value = Math.exp(criterion(x, new Float64Array(x.length)));
      expect(gains.filter((each) => each > 0).length).to.be.within(9000, 11_000);
      expect(Math.abs(value - mean)).to.be.below(4.5 * Math.sqrt(variance / gains.length));
    }
  });

  for (const [what, incumbent] of [
    ['an incumbent', 4.4],
    ['none feasible', { meanObjective: 4, floor: 0.02 }],
  ] as const) {
    it(`has the gradient that central differences give, and the screen its values: ${what}`, () => {
      const { criterion, screen } = analyticSearch(definition, models, bounds, incumbent);
      const points = PROBES.map((weights) => toUnitCube(encoding, weights));
      const unused = new Float64Array(3);
      const values = points.map((x) => criterion(x, unused));
      screen!(Float64Array.from(points.flatMap((x) => [...x]))).forEach((value, i) =>
        expect(value).to.be.closeTo(values[i]!, 1e-9),
      );
      for (const x of points) {
        const gradient = new Float64Array(3);
        criterion(x, gradient);
        for (const k of x.keys()) {
          const step = 1e-6;
          const slope =
            (criterion(x.with(k, x[k]! + step), unused) - criterion(x.with(k, x[k]! - step), unused)) /
            (2 * step);
          expect(gradient[k]).to.be.closeTo(slope, 1e-4 * Math.max(1, Math.abs(slope)));
        }
      }
    });
  }

  it('has a slack relative to a noisy baseline that the joint posteriors of the parts give', () => {
    const noisy = definitionOf('known');
    const measured = trialsOf(noisy, 'known', 8);
    const { models: given } = modelsOf(noisy, measured);
    const [bound] = guardrailBounds(noisy, measured)!;
    const slack = guardrailSlack(noisy, encoding, measured, given, bound!);
    const base = toUnitCube(encoding, BASELINE.weights);
    for (const weights of PROBES) {
      const x = toUnitCube(encoding, weights);
      let mean = 0;
      let variance = 0;
      for (const [part, coefficient] of [
        ['reach', 1],
        ['load', -0.8],
      ] as const) {
        const both = jointPosterior(given.get(part)!, Float64Array.of(...x, ...base));
        const [own, shared, , ofBaseline] = both.covariance;
        mean += coefficient * (both.mean[0]! - 0.9 * both.mean[1]!);
        variance += coefficient ** 2 * (own! + 0.81 * ofBaseline! - 2 * 0.9 * shared!);
      }
      expect(slack(x).mean).to.be.closeTo(mean, 1e-9);
      expect(slack(x).variance).to.be.closeTo(variance, 1e-9);
    }
  });

  it('takes the constant of a derived metric into its baseline', () => {
    const shifted = definitionOf('known', {
      derived: { ...DERIVED, ease: 'reach - 0.8 * load + 5' },
    });
    const measured = trialsOf(shifted, 'known', 8);
    const slackOf = (study: StudyDefinition) => {
      const { models: given } = modelsOf(study, measured);
      const [bound] = guardrailBounds(study, measured)!;
      return guardrailSlack(study, encoding, measured, given, bound!)(toUnitCube(encoding, PROBES[1]!));
    };
    const plain = slackOf(definitionOf('known'));
    expect(slackOf(shifted).mean).to.be.closeTo(plain.mean + 5 * (1 - 0.9), 1e-9);
    expect(slackOf(shifted).variance).to.be.closeTo(plain.variance, 1e-12);
  });

  for (const noise of ['none', 'known', 'inferred']) {
    it(`gives a metric derived as itself the candidates of that metric, to the bit: noise ${noise}`, () => {
      const plain = definitionOf(noise, {
        objective: 'maximize gain',
        guardrails: ['cost <= 1.2 * baseline'],
      });
      const renamed = definitionOf(noise, {
        derived: { same: '1 * gain', also: 'cost' },
        objective: 'maximize same',
        guardrails: ['also <= 1.2 * baseline'],
      });
      const measured = trialsOf(plain, noise, 6);
      for (let number = 7; number < 10; number++) {
        const { weights } = nextCandidate(plain, measured);
        expect(nextCandidate(renamed, measured).weights).to.deep.equal(weights);
        measured.push(completedAt(noise, number, weights));
      }
    });
  }

  it('gives it their candidates also as one of several objectives', () => {
    const keys = { objective: undefined, guardrails: ['reach >= 0.9 * baseline'] };
    const plain = definitionOf('none', { ...keys, objectives: ['maximize gain', 'minimize cost'] });
    const renamed = definitionOf('none', {
      ...keys,
      derived: { same: 'gain', also: '1 * cost' },
      objectives: ['maximize same', 'minimize also'],
    });
    const { weights } = nextCandidate(plain, trials);
    expect(nextCandidate(renamed, trials).weights).to.deep.equal(weights);
  });

  it('finds the best weights of a sum under a bound on a difference relative to the baseline', () => {
    const { guarded, free } = gridOptimum();
    expect(free - guarded, 'the bound cuts off the free optimum').to.be.above(0.01);
    const found = runStudy(definition, measure, 16);
    const best = bestTrial(definition, found)!;
    expect(best.feasible).to.equal(true);
    expect(ease(best.weights)).to.be.at.least(BOUND);
    expect(best.objective).to.be.closeTo(net(best.weights), 1e-12);
    expect(guarded - best.objective).to.be.below(2e-3);
  });

  for (const [part, outlier] of [
    ['gain', -1e6],
    ['cost', 1e6],
    ['reach', -1e6],
    ['load', -1e6],
  ] as const) {
    it(`finds them nearly so beside one trial whose ${part} is ${outlier}`, () => {
      const study = definitionOf('none', { initialTrials: 12 });
      const measured = trialsOf(study, 'none', 12).map((trial) =>
        trial.number === 5
          ? { ...trial, observations: { ...trial.observations, [part]: { mean: outlier, sem: null } } }
          : trial,
      );
      for (let number = 13; number <= 20; number++) {
        measured.push(completedAt('none', number, nextCandidate(study, measured).weights));
      }
      const later = measured.slice(13).filter(({ weights }) => ease(weights!) >= BOUND);
      const best = Math.max(...later.map(({ weights }) => net(weights!)));
      expect(gridOptimum().guarded - best).to.be.below(5e-3);
    });
  }
});
