import { completed, running } from '../../bench/races/run-study.ts';
import { randomStream } from '../../math/random.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Observations, Trial, Weights } from '../../src/domain/trial.ts';
import type { Candidate } from '../../src/optimizer/candidate.ts';
import { baselineTrial } from '../../src/service/baseline-trial.ts';

/** A study whose candidates are written down, `batch` of them asked for before any is measured. */
interface PinnedStudy {
  readonly definition: StudyDefinition;
  readonly candidates: number;
  readonly batch: number;
  /** In sums and products alone, which are the same on every machine. */
  readonly measure: (weights: Weights) => Readonly<Record<string, number>>;
  /** Of every metric; null where it is not told. */
  readonly sem: number | null;
}

const square = (value: number): number => value * value;
const gain = ({ a, b, c }: Weights): number =>
  2 - square(a! - 0.5) - 2 * square(b! - 0.3) - square(c! - 0.2) + a! * b! * c!;
const cost = ({ a, b }: Weights): number => 1 + a! - b! / 2;
const THREE = { a: [0, 1], b: [0, 1], c: [0, 1] };
const BASELINE = { weights: { a: 0.2, b: 0.4, c: 0.4 } };
const kinds = (kind: string) => ({
  metrics: { gain: { noise: kind }, cost: { noise: kind } },
  report: ['gain', 'cost'],
});

export const PINNED_STUDIES: readonly PinnedStudy[] = [
  {
    definition: studySchema.parse({
      name: 'exact',
      weights: THREE,
      sum: 1,
      constraints: ['c <= 0.5 * b + 0.2'],
      objective: 'maximize gain',
      guardrails: ['cost <= 1.1 * baseline'],
      baseline: BASELINE,
      ...kinds('none'),
      seed: 1,
    }),
    candidates: 10,
    batch: 1,
    measure: (w) => ({ gain: gain(w), cost: cost(w) }),
    sem: null,
  },
  {
    definition: studySchema.parse({
      name: 'infeasible-at-first',
      weights: THREE,
      sum: 1,
      objective: 'minimize cost',
      guardrails: ['gain >= 1.99'],
      ...kinds('none'),
      seed: 2,
    }),
    candidates: 8,
    batch: 1,
    measure: (w) => ({ gain: gain(w), cost: cost(w) }),
    sem: null,
  },
  {
    definition: studySchema.parse({
      name: 'known-noise-in-batches',
      weights: THREE,
      sum: 1,
      objective: 'maximize gain',
      guardrails: ['cost <= 1.1 * baseline'],
      baseline: BASELINE,
      ...kinds('known'),
      seed: 3,
    }),
    candidates: 12,
    batch: 3,
    measure: (w) => ({ gain: gain(w), cost: cost(w) }),
    sem: 0.05,
  },
  {
    definition: studySchema.parse({
      name: 'inferred-noise-without-a-sum',
      weights: { a: [0, 1], b: [0, 2], c: [0.1, 1], d: [0, 1] },
      objective: 'maximize gain',
      ...kinds('inferred'),
      seed: 4,
    }),
    candidates: 10,
    batch: 2,
    measure: (w) => ({ gain: gain(w) - square(w['d']! - 0.25) }),
    sem: null,
  },
  {
    definition: studySchema.parse({
      name: 'two-objectives',
      weights: THREE,
      sum: 1,
      objectives: ['maximize gain', 'minimize cost'],
      ...kinds('none'),
      seed: 5,
    }),
    candidates: 9,
    batch: 2,
    measure: (w) => ({ gain: gain(w), cost: cost(w) }),
    sem: null,
  },
];

/** Who chooses the next candidate: this thread, or workers. */
export type NextCandidate = (
  definition: StudyDefinition,
  trials: readonly Trial[],
) => Candidate | Promise<Candidate>;

/** What each candidate of a study is, by who chose it and its weights. */
export type PinnedCandidates = readonly { readonly generator: string; readonly weights: Weights }[];

/** The candidates of every pinned study by its name. */
export async function pinnedCandidates(
  next: NextCandidate,
): Promise<Readonly<Record<string, PinnedCandidates>>> {
  const studies: Record<string, PinnedCandidates> = {};
  for (const study of PINNED_STUDIES) studies[study.definition.name] = await candidatesOf(study, next);
  return studies;
}

async function candidatesOf(study: PinnedStudy, next: NextCandidate): Promise<PinnedCandidates> {
  const { definition, candidates, batch } = study;
  const baseline = baselineTrial(definition);
  let trials: readonly Trial[] =
    baseline === undefined ? [] : [completed(baseline, observed(study, baseline))];
  const chosen: Candidate[] = [];
  while (chosen.length < candidates) {
    const candidate = await next(definition, trials);
    chosen.push(candidate);
    trials = [...trials, running(chosen.length, candidate)];
    if (chosen.length % batch !== 0) continue;
    trials = trials.map((trial) =>
      trial.state === 'running' ? completed(trial, observed(study, trial)) : trial,
    );
  }
  return chosen.map(({ weights, provenance: { generator } }) => ({ generator, weights }));
}

/** Noise is uniform, of the standard deviation that the study says, or 0.05 where it is to be inferred. */
function observed({ definition, measure, sem }: PinnedStudy, { number, weights }: Trial): Observations {
  const random = randomStream(definition.seed, 'pinned', number);
  const noisy = Object.values(definition.metrics).some(({ noise }) => noise !== 'none');
  const spread = noisy ? 0.05 * Math.sqrt(12) : 0;
  return Object.fromEntries(
    Object.entries(measure(weights!)).map(([metric, exact]) => [
      metric,
      { mean: exact + spread * (random.uniform() - 0.5), sem },
    ]),
  );
}
