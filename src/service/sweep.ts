import type { Store } from '../../store/open.ts';
import { completeTrial, insertTrials, listTrials } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import {
  candidateTrials,
  nextTrialNumber,
  type Observations,
  observed,
  type Trial,
  type Weights,
} from '../domain/trial.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { encodeStudy, toWeights } from '../optimizer/encode.ts';
import { guardrailBounds } from '../optimizer/guardrail-bounds.ts';
import { initialTrialsLeft } from '../optimizer/initialise.ts';
import { baselineTrial } from './baseline-trial.ts';
import type { Clock } from './clock.ts';
import { type ComputePool, openComputePool } from './compute-pool.ts';
import { evaluatedMetrics } from './evaluated-metrics.ts';
import type { LoadedLog } from './load-log.ts';
import { nextCandidates } from './next-candidates.ts';
import { resumeStudy } from './resume-study.ts';
import { storeStudy } from './store-study.ts';

/** Trials of a sweep whose study does not say how many. */
const DEFAULT_BUDGET = 40;

export interface SweepContext {
  /** Both are called when the study is known to be sound, and in this order: a bad log leaves no database behind. */
  readonly loadLog: () => Promise<LoadedLog>;
  readonly openStore: () => Promise<Store>;
  readonly workers: number;
  readonly clock: Clock;
  readonly onProgress: (progress: SweepProgress) => void;
}

/** Told at the start and after each trial. */
export interface SweepProgress {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  readonly completed: number;
  readonly budget: number;
}

export interface SweepResult extends LoadedLog {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
}

/** The metrics of a study's log under weights, or under the baseline's score. */
export type Evaluate = (weights: Weights | null) => Promise<Observations>;

/**
 * Runs a study's trials on its log up to its budget, storing each as it goes.
 *
 * A sweep that was killed goes on where it was: trials that were running are evaluated again, and what comes next is a
 * function of the stored trials. Two processes on one study do the same trials and agree.
 * Throws what is wrong with the study, its log or the database, before anything is written.
 */
export async function sweep(study: StudyDefinition, context: SweepContext): Promise<SweepResult> {
  const given = { ...study, budget: study.budget ?? DEFAULT_BUDGET };
  const encoding = encodeStudy(given);
  const loaded = await context.loadLog();
  const pool = openComputePool(context.workers, loaded.log);
  try {
    const evaluate = logEvaluator(given, loaded.log, pool);
    const baseline = await measuredBaseline(given, evaluate);
    // A metric that the log leaves undefined is told now, whatever the baseline is.
    await evaluate(toWeights(encoding, encoding.polytope.center));
    guardrailBounds(given, baseline === undefined ? [] : [baseline]);
    const store = await context.openStore();
    try {
      const definition = await claimStudy(store, given, baseline, loaded, context.clock);
      const trials = await runTrials(store, pool, definition, evaluate, context);
      return { definition, trials, ...loaded };
    } finally {
      await store.destroy();
    }
  } finally {
    await pool.close();
  }
}

async function runTrials(
  store: Store,
  pool: ComputePool,
  definition: StudyDefinition,
  evaluate: Evaluate,
  { clock, onProgress }: SweepContext,
): Promise<readonly Trial[]> {
  const { name, budget = DEFAULT_BUDGET } = definition;
  const look = async (): Promise<SweepProgress> => {
    const trials = await listTrials(store, name);
    const completed = candidateTrials(trials).filter(({ state }) => state === 'completed').length;
    const progress = { definition, trials, completed, budget };
    onProgress(progress);
    return progress;
  };
  for (;;) {
    const { trials, completed } = await look();
    const running = trials.filter(({ state }) => state === 'running');
    if (running.length > 0) {
      const evaluations = running.map(async ({ number, weights }, _, { length }) => {
        await completeTrial(store, name, number, await evaluate(weights), clock());
        if (length > 1) await look();
      });
      await Promise.all(evaluations);
    } else if (completed >= budget) {
      return trials;
    } else {
      // The space-filling design at once, then one at a time, so that each proposal knows all results before it.
      const most = Math.min(budget - completed, Math.max(1, initialTrialsLeft(definition, trials)));
      const next = await nextCandidates(pool, definition, trials, most);
      const first = nextTrialNumber(trials);
      const numbered = next.map((candidate, i) => ({ number: first + i, ...candidate }));
      await insertTrials(store, name, numbered, clock());
    }
  }
}

export function logEvaluator(definition: StudyDefinition, log: EngagementLog, pool: ComputePool): Evaluate {
  const metrics = evaluatedMetrics(definition, log);
  const heads = log.heads.map(({ name }) => name);
  return async (weights) => {
    const ordering =
      weights === null ? 'baselineScore' : { weights: Float64Array.from(heads, (head) => weights[head]!) };
    return observed(await pool.run('evaluate', { ordering, metrics }));
  };
}

async function measuredBaseline(definition: StudyDefinition, evaluate: Evaluate): Promise<Trial | undefined> {
  const baseline = baselineTrial(definition);
  if (baseline?.state !== 'running') return baseline;
  return { ...baseline, state: 'completed', observations: await evaluate(baseline.weights) };
}

async function claimStudy(
  store: Store,
  given: StudyDefinition,
  baseline: Trial | undefined,
  { fingerprint }: LoadedLog,
  clock: Clock,
): Promise<StudyDefinition> {
  const study = { definition: given, logFingerprint: fingerprint, createdAt: clock() };
  if (await storeStudy(store, study, baseline)) return given;
  const resumed = await resumeStudy(store, given, fingerprint);
  if (resumed === undefined) throw new DomainError('study_not_found', `no study is named "${given.name}"`);
  return resumed;
}
