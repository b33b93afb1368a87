import { expect } from 'chai';
import { predict } from '../../gp/posterior.ts';
import { randomStream } from '../../math/random.ts';
import { completed, exactly, fitted, nextCandidate, running } from '../../bench/races/run-study.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { gatherEvidence } from '../../src/optimizer/evidence.ts';
import { toUnitCube } from '../../src/optimizer/encode.ts';

const gain = ({ a, b, c }: Weights): number => 1 - (a! - 0.7) ** 2 - 2 * (b! - 0.2) ** 2 - (c! - 0.1) ** 2;

const GUARDS: Readonly<Record<string, { readonly safety: (w: Weights) => number; readonly bound: number }>> =
  {
    linear: { safety: ({ a }) => 1 - a!, bound: 0.48 },
    quadratic: { safety: ({ a, b }) => 1 - a! ** 2 - b! ** 2, bound: 0.6 },
    exponential: { safety: ({ a }) => Math.exp(-3 * a!), bound: 0.2 },
  };

function studyOf(
  bound: number,
  noise: 'none' | 'known' | 'inferred',
  seed: number,
  widest = 1,
): StudyDefinition {
  return studySchema.parse({
    name: 'calibration',
    weights: { a: [0, widest], b: [0, widest], c: [0, widest] },
    sum: 1,
    objective: 'maximize gain',
    guardrails: [`safety >= ${bound}`],
    metrics: { gain: { noise }, safety: { noise } },
    seed,
  });
}

describe('a search that has converged', () => {
  for (const [kind, { safety, bound }] of Object.entries(GUARDS)) {
    it(`still foretells each exact trial within five standard deviations: ${kind} guardrail`, () => {
      for (const [seed, widest] of [
        [0, 1],
        [1, 1],
        [2, 30],
      ] as const) {
        const definition = studyOf(bound, 'none', seed, widest);
        const trials: Trial[] = [];
        for (let number = 1; number <= 30; number++) {
          const { weights, provenance } = nextCandidate(definition, trials);
          const metrics = { gain: gain(weights), safety: safety(weights) };
          for (const [metric, { mean, stddev }] of Object.entries(provenance.predictions)) {
            expect(Math.abs(metrics[metric as 'gain'] - mean) / stddev, `${metric} of ${number}`).to.be.below(
              5,
            );
          }
          trials.push(completed(running(number, { weights, provenance }), exactly(metrics)));
        }
      }
    });
  }
});

const STUDIES = 8;
const TRIALS = 16;

interface Claims {
  readonly claimed: number;
  readonly false: number;
  /** Shares of true values at 50 random weights within two standard deviations, by study. */
  readonly covered: readonly number[];
}

/** Studies of two metrics with noise of a deviation, with their sem or without, each ending in a named best trial or none. */
function claims(
  truth: { readonly gain: (w: Weights) => number; readonly safety: (w: Weights) => number },
  bound: number,
  stddev: number,
  noise: 'known' | 'inferred',
  trialCount = TRIALS,
): Claims {
  const result = { claimed: 0, false: 0, covered: [] as number[] };
  for (let seed = 0; seed < STUDIES; seed++) {
    const random = randomStream(seed, 'calibration');
    const definition = studyOf(bound, noise, seed);
    const trials: Trial[] = [];
    const observe = (exact: number) => ({
      mean: exact + stddev * random.normal(),
      sem: noise === 'known' ? stddev : null,
    });
    for (let number = 1; number <= trialCount; number++) {
      const candidate = nextCandidate(definition, trials);
      const { weights } = candidate;
      const observations = { gain: observe(truth.gain(weights)), safety: observe(truth.safety(weights)) };
      trials.push(completed(running(number, candidate), observations));
    }
    const { models, encoding } = gatherEvidence(definition, trials, fitted(definition, trials));
    const best = bestTrial(definition, trials, models);
    if (best?.feasible === true) {
      result.claimed++;
      if (truth.safety(best.weights) < bound) result.false++;
    }
    let within = 0;
    for (let i = 0; i < 50; i++) {
      const [u, v] = [random.uniform(), random.uniform()].sort((x, y) => x - y);
      const weights = { a: u!, b: v! - u!, c: 1 - v! };
      for (const metric of ['gain', 'safety'] as const) {
        const { mean, variance } = predict(models.get(metric)!, toUnitCube(encoding, weights));
        if (Math.abs(mean - truth[metric](weights)) <= 2 * Math.sqrt(variance)) within++;
      }
    }
    result.covered.push(within / 100);
  }
  return result;
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('claims of feasibility', () => {
  const flat = { gain: () => 10, safety: () => 100 };
  const hilly = { gain, safety: GUARDS['linear']!.safety };

  it('are not made of luck where nothing is feasible and the noise is inferred', () => {
    // At the confidence of 0.95 one false claim in eight studies has a probability of a third, two of 6 %.
    expect(claims(flat, 100.5, 1, 'inferred').false).to.be.at.most(1);
  });

  it('are not made of luck after a handful of trials either, half a deviation below the bound', () => {
    for (const count of [5, 8]) {
      const { false: wrong } = claims({ gain, safety: () => 0 }, 0.5, 1, 'inferred', count);
      expect(wrong, `${count} trials`).to.be.at.most(1);
    }
  });

  it('are made as soon as trials show what depends on the weights', () => {
    const { claimed, false: wrong } = claims(hilly, 0.48, 0.1, 'inferred', 12);
    expect(claimed).to.be.at.least(6);
    expect(wrong).to.be.at.most(1);
  });

  it('are seldom false beside the bound, with noise of a third of the range inferred', () => {
    expect(claims(hilly, 0.48, 0.3, 'inferred').false).to.be.at.most(1);
  });

  it('leave the mean of a constant metric as uncertain as its observations do, with sems', () => {
    const { covered, false: wrong } = claims(flat, 100.5, 1, 'known');
    expect(wrong).to.be.at.most(1);
    // Of values that are all off together each study is nearly one draw: seven of eight at 95 %.
    expect(average(covered)).to.be.at.least(7 / 8);
  });

  it('cover the truth with sems as large as the signal', () => {
    expect(average(claims(hilly, 0.48, 1, 'known').covered)).to.be.at.least(7 / 8);
  });
});
