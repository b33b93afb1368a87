import { randomStream } from '../../../math/random.ts';
import type { OnlineStudy } from '../../../src/service/online-evidence.ts';
import { studySchema } from '../../../src/domain/study-rules.ts';
import type { Weights } from '../../../src/domain/trial.ts';
import type { OnlineEvidence, ReadRound } from '../../../src/online/arms/online-evidence.ts';

/** Two weights that vary; more of `a` is more saves up to 0.7, and fewer clicks. */
export const WORLD_STUDY = studySchema.parse({
  name: 'world',
  weights: { a: [0, 1], b: [0, 1], c: [0, 1] },
  sum: 1,
  objective: 'maximize relevance',
  report: ['safety'],
  baseline: { weights: { a: 0.2, b: 0.4, c: 0.4 } },
  online: {
    metrics: {
      saves: { kind: 'volume', offline: 'relevance' },
      clicks: { kind: 'propensity', offline: 'safety' },
    },
    objective: 'maximize saves',
    guardrails: ['clicks >= 0.97 * baseline'],
  },
}) as OnlineStudy;

export const BASELINE_WEIGHTS: Weights = { a: 0.2, b: 0.4, c: 0.4 };

export function trueSaves({ a, b }: Weights): number {
  return 2 - (a! - 0.7) ** 2 - 0.3 * (b! - 0.2) ** 2;
}

export function trueClicks({ a }: Weights): number {
  return 0.5 - 0.05 * a!;
}

/** A round of these arms beside the baseline, with errors of so many parts in a hundred. */
export function roundOf(experiment: number, arms: readonly Weights[], percent: number, seed = 1): ReadRound {
  const random = randomStream(seed, 'round', experiment);
  const all = [BASELINE_WEIGHTS, ...arms].map((weights, i) => ({
    name: i === 0 ? 'baseline' : `r${experiment}-${i}`,
    weights,
  }));
  const read = (truth: (weights: Weights) => number) =>
    all.map(({ name, weights }) => {
      const error = (percent / 100) * truth(weights);
      return { arm: name, mean: truth(weights) + error * random.normal(), variance: error ** 2 };
    });
  return {
    experiment,
    arms: all,
    metrics: { saves: read(trueSaves), clicks: read(trueClicks) },
    correlations: [],
  };
}

export const SOME_ARMS: readonly Weights[] = [
  { a: 0.9, b: 0.05, c: 0.05 },
  { a: 0.5, b: 0.1, c: 0.4 },
  { a: 0.05, b: 0.9, c: 0.05 },
  { a: 0.4, b: 0.5, c: 0.1 },
];

export const EVIDENCE: OnlineEvidence = {
  spreads: { a: 0.2, b: 0.1, c: 0.1 },
  rounds: [roundOf(1, SOME_ARMS, 0.5)],
  logged: Array.from({ length: 12 }, (_, i) => {
    const random = randomStream(2, 'logged', i);
    const shares = [0, 0, 0].map(() => -Math.log(1 - random.uniform()));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const [a, b, c] = shares.map((share) => share / total);
    const weights = { a: a!, b: b!, c: c! };
    return { weights, metrics: { relevance: trueSaves(weights) ** 2, safety: trueClicks(weights) } };
  }),
};
