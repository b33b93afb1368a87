import type { Store } from '../../store/open.ts';
import { completeTrial, insertTrials, listTrials } from '../../store/trials.ts';
import { termsOf } from '../domain/derived-metric.ts';
import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import {
  candidateTrials,
  nextTrialNumber,
  type Observations,
  type Trial,
  type Weights,
} from '../domain/trial.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import type { Ordering } from '../evaluator/utility.ts';
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

/** Φ(1.645) = 0.95: a guardrail that truly just fails is called met in one log of twenty. */
const DEFAULT_GUARDRAIL_MARGIN = 1.645;

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

/** The study with what a sweep takes where it does not say. */
function withDefaults(study: StudyDefinition): StudyDefinition {
  const { budget = DEFAULT_BUDGET, guardrailMargin = DEFAULT_GUARDRAIL_MARGIN } = study;
  return { ...study, budget, guardrailMargin };
}

type Evaluate = (weights: Weights | null) => Promise<Observations>;

/**
 * Runs a study's trials on its log up to its budget, storing each as it goes.
 *
 * A sweep that was killed goes on where it was: trials that were running are evaluated again, and what comes next is a
 * function of the stored trials. Two processes on one study do the same trials and agree.
 * Throws what is wrong with the study, its log or the database, before anything is written.
 */
export async function sweep(study: StudyDefinition, context: SweepContext): Promise<SweepResult> {
  const given = withDefaults(study);
  const encoding = encodeStudy(given);
  const loaded = await context.loadLog();
  const pool = openComputePool(context.workers, loaded.log);
  try {
    const evaluate = await logEvaluator(given, loaded.log, pool);
    const baseline = await measuredBaseline(given, evaluate);
    // A metric that the log leaves undefined is told now, whatever the baseline is.
    await evaluate(toWeights(encoding, encoding.polytope.center));
    guardrailBounds(given, baseline === undefined ? [] : [baseline]);
    const store = await context.openStore();
    try {
      const definition = await claimStudy(store, study, baseline, loaded, context.clock);
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

/** Measures weights, or the logged score, and pairs them with the baseline where that is either. */
async function logEvaluator(
  definition: StudyDefinition,
  log: EngagementLog,
  pool: ComputePool,
): Promise<Evaluate> {
  const measured = {
    metrics: evaluatedMetrics(definition, log),
    combinations: Object.keys(definition.derived ?? {}).map((name) => ({
      name,
      ...termsOf(definition, name),
    })),
  };
  const heads = log.heads.map(({ name }) => name);
  const orderingOf = (weights: Weights | null): Ordering =>
    weights === null ? 'baselineScore' : { weights: Float64Array.from(heads, (head) => weights[head]!) };
  const trial = baselineTrial(definition);
  const baseline =
    trial?.state === 'running'
      ? await pool.run('influence', { ordering: orderingOf(trial.weights), measured })
      : undefined;
  return async (weights) => pool.run('evaluate', { ordering: orderingOf(weights), measured, baseline });
}

async function measuredBaseline(definition: StudyDefinition, evaluate: Evaluate): Promise<Trial | undefined> {
  const baseline = baselineTrial(definition);
  if (baseline?.state !== 'running') return baseline;
  return { ...baseline, state: 'completed', observations: await evaluate(baseline.weights) };
}

async function claimStudy(
  store: Store,
  study: StudyDefinition,
  baseline: Trial | undefined,
  { fingerprint }: LoadedLog,
  clock: Clock,
): Promise<StudyDefinition> {
  const definition = withDefaults(study);
  const stored = { definition, logFingerprint: fingerprint, createdAt: clock() };
  if (await storeStudy(store, stored, baseline)) return definition;
  const resumed = await resumeStudy(store, study, definition, fingerprint);
  if (resumed === undefined) throw new DomainError('study_not_found', `no study is named "${study.name}"`);
  return resumed;
}
