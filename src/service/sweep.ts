import type { Store } from '../../store/open.ts';
import { completeTrial, insertTrials, listTrials } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Observations, Trial, Weights } from '../domain/trial.ts';
import { encodeStudy } from '../optimizer/encode.ts';
import { guardrailBounds } from '../optimizer/guardrail-bounds.ts';
import { BASELINE_TRIAL, baselineTrial } from './baseline-trial.ts';
import type { Clock } from './clock.ts';
import type { ComputePool } from './compute-pool.ts';
import { evaluatedMetrics } from './evaluated-metrics.ts';
import type { LoadedLog } from './load-log.ts';
import { nextCandidates } from './next-candidates.ts';
import { resumeStudy } from './resume-study.ts';
import { storeStudy } from './store-study.ts';

/** Trials of a sweep whose study does not say how many. */
export const DEFAULT_BUDGET = 40;

export interface SweepContext {
  /** Opened when the study is known to be sound, so that a bad one leaves no file behind. */
  readonly openStore: () => Promise<Store>;
  readonly pool: ComputePool;
  readonly loaded: LoadedLog;
  readonly clock: Clock;
  readonly onProgress: (progress: SweepProgress) => void;
}

/** Told after each trial, and once at the start of a resumed sweep. */
export interface SweepProgress {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  readonly completed: number;
  readonly budget: number;
}

export interface SweepResult {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
}

type Evaluate = (weights: Weights | null) => Promise<Observations>;

/**
 * Runs a study's trials on its log up to its budget, storing each as it goes.
 *
 * A sweep that was killed goes on where it was: trials that were running are evaluated again, and what comes next is a
 * function of the stored trials. Two processes on one study do the same trials and agree.
 */
export async function sweep(given: StudyDefinition, context: SweepContext): Promise<SweepResult> {
  encodeStudy(given);
  const evaluate = evaluator(given, context);
  const baseline = await measuredBaseline(given, evaluate);
  guardrailBounds(given, baseline === undefined ? [] : [baseline]);

  const store = await context.openStore();
  const definition = await claimStudy(store, given, baseline, context);
  const budget = definition.budget ?? DEFAULT_BUDGET;
  const look = async (): Promise<SweepProgress> => {
    const trials = await listTrials(store, definition.name);
    const completed = trials.filter((trial) => isCandidate(trial) && trial.state === 'completed').length;
    const progress = { definition, trials, completed, budget };
    context.onProgress(progress);
    return progress;
  };
  for (;;) {
    const { trials, completed } = await look();
    const running = trials.filter(({ state }) => state === 'running');
    if (running.length > 0) {
      await Promise.all(
        running.map(async ({ number, weights }) => {
          const observations = await evaluate(weights);
          await completeTrial(store, definition.name, number, observations, context.clock());
          if (running.length > 1) await look();
        }),
      );
    } else if (completed >= budget) {
      return { definition, trials };
    } else {
      const next = await nextCandidates(context.pool, definition, trials, budget - completed);
      const first = Math.max(BASELINE_TRIAL, ...trials.map(({ number }) => number)) + 1;
      const numbered = next.map((candidate, i) => ({ number: first + i, ...candidate }));
      await insertTrials(store, definition.name, numbered, context.clock());
    }
  }
}

function evaluator(definition: StudyDefinition, { pool, loaded }: SweepContext): Evaluate {
  const metrics = evaluatedMetrics(definition, loaded.log);
  const heads = loaded.log.heads.map(({ name }) => name);
  return async (weights) => {
    const ordering =
      weights === null ? 'baselineScore' : { weights: Float64Array.from(heads, (head) => weights[head]!) };
    const values = await pool.run('evaluate', { ordering, metrics });
    return Object.fromEntries(Object.entries(values).map(([metric, mean]) => [metric, { mean, sem: null }]));
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
  { loaded, clock }: SweepContext,
): Promise<StudyDefinition> {
  const logFingerprint = loaded.fingerprint;
  const resumed = await resumeStudy(store, given, logFingerprint);
  if (resumed !== undefined) return resumed;
  const study = { definition: given, logFingerprint, createdAt: clock() };
  if (await storeStudy(store, study, baseline)) return given;
  const claimed = await resumeStudy(store, given, logFingerprint);
  if (claimed === undefined) throw new DomainError('study_not_found', `no study is named "${given.name}"`);
  return claimed;
}

function isCandidate({ number }: Trial): boolean {
  return number !== BASELINE_TRIAL;
}
