import type { Store } from '../../store/open.ts';
import { DomainError } from '../domain/errors.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { type BinnedLog, isBinned } from '../evaluator/histogram/binned-log.ts';
import { splitLog } from '../evaluator/split-log.ts';
import { encodeStudy, toWeights } from '../optimizer/encode.ts';
import { guardrailBounds } from '../optimizer/guardrail-bounds.ts';
import { hasSeveralObjectives } from '../optimizer/metric-roles.ts';
import { studyReport } from '../optimizer/study-report.ts';
import { binnedEvaluator } from './binned-evaluator.ts';
import { type BootstrapReport, bootstrapReport } from './bootstrap-report.ts';
import { claimStudy } from './claim-study.ts';
import { openComputePool } from './compute-pool.ts';
import { inHistogramForm } from './histogram-form.ts';
import { type HoldoutReport, openHoldOut } from './hold-out.ts';
import { logEvaluator, measuredBaseline, measuredMetrics } from './log-evaluator.ts';
import { type RankingDisagreement, rankingDisagreements } from './ranking-disagreement.ts';
import { resultTrials } from './result-trials.ts';
import { runTrials, type TrialRun } from './run-trials.ts';
import { checkBaselineSample, type SampleReport, sampleReport } from './sample-report.ts';
import { withDefaults } from './sweep-defaults.ts';

export interface SweepContext extends TrialRun {
  /** Both are called when the study is known to be sound, and in this order: a bad log leaves no database behind. */
  readonly loadLog: () => Promise<SweptLog>;
  readonly openStore: () => Promise<Store>;
  readonly workers: number;
  /** Bootstrap the best trial with so many. */
  readonly replicates?: number | undefined;
  /** Told before the best trial is bootstrapped, which may take longer than the trials. */
  readonly onBootstrap?: (trial: number) => void;
}

/** A log in either form, with its fingerprint. */
export interface SweptLog {
  readonly log: EngagementLog | BinnedLog;
  readonly fingerprint: string;
}

/** `log` is what the trials were scored on: all of it, or all but the hold-out. */
export interface SweepResult extends SweptLog {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  readonly holdout: HoldoutReport | undefined;
  /** Of the best trial, where it was asked for. */
  readonly bootstrap: BootstrapReport | undefined;
  /** What counterfactual metrics are estimated from; undefined where there are none. */
  readonly samples: SampleReport | undefined;
  /** Of the best trial, or of those of the Pareto set. */
  readonly disagreements: readonly RankingDisagreement[];
}

/**
 * Runs a study's trials on its log up to its budget, storing each as it goes.
 *
 * A sweep that was killed goes on where it was: trials that were running are evaluated again, and what comes next is a
 * function of the stored trials. Two processes on one study do the same trials and agree.
 * Throws what is wrong with the study, its log or the database, before anything is written.
 */
export async function sweep(study: StudyDefinition, context: SweepContext): Promise<SweepResult> {
  if (context.replicates !== undefined) checkBootstrappable(study);
  const encoding = encodeStudy(withDefaults(study));
  const anyWeights = toWeights(encoding, encoding.polytope.center);
  const loaded = await context.loadLog();
  if (!isBinned(loaded.log)) return sweepRows(study, loaded.log, loaded.fingerprint, anyWeights, context);
  try {
    return await sweepBins(inHistogramForm(study), loaded.log, loaded.fingerprint, context);
  } finally {
    loaded.log.close();
  }
}

/** Throws `study_objectives` for a study with several. */
function checkBootstrappable(study: StudyDefinition): void {
  if (!hasSeveralObjectives(study)) return;
  throw new DomainError(
    'study_objectives',
    `--bootstrap resamples the best trial, which a study with ${objectivesOf(study).length} objectives does not have: ` +
      'expected one objective, or no --bootstrap',
    { pointer: '/objectives' },
  );
}

async function sweepBins(
  study: StudyDefinition,
  log: BinnedLog,
  fingerprint: string,
  context: SweepContext,
): Promise<SweepResult> {
  const given = withDefaults(study);
  const evaluate = binnedEvaluator(given, log);
  const baseline = await measuredBaseline(given, evaluate);
  guardrailBounds(given, baseline === undefined ? [] : [baseline]);
  const pool = openComputePool(context.workers);
  try {
    const store = await context.openStore();
    try {
      const definition = await claimStudy(store, study, baseline, fingerprint, context.clock, context.actor);
      const trials = await runTrials(store, pool, definition, evaluate, context);
      return {
        definition,
        trials,
        log,
        fingerprint,
        holdout: undefined,
        bootstrap: undefined,
        samples: undefined,
        disagreements: [],
      };
    } finally {
      await store.destroy();
    }
  } finally {
    await pool.close();
  }
}

async function sweepRows(
  study: StudyDefinition,
  whole: EngagementLog,
  fingerprint: string,
  anyWeights: Weights,
  context: SweepContext,
): Promise<SweepResult> {
  const given = withDefaults(study);
  const split = given.holdout && splitLog(whole, given.holdout, given.seed);
  const log = split?.tune ?? whole;
  const pool = openComputePool(context.workers, log);
  try {
    const evaluate = await logEvaluator(given, log, pool, measuredMetrics(given, log));
    const baseline = await measuredBaseline(given, evaluate);
    // A metric that the log leaves undefined is told now, whatever the baseline is.
    await evaluate(anyWeights);
    await checkBaselineSample(given, log, pool);
    guardrailBounds(given, baseline === undefined ? [] : [baseline]);
    const holdOut = split && (await openHoldOut(given, split, anyWeights));
    try {
      const store = await context.openStore();
      try {
        const definition = await claimStudy(
          store,
          study,
          baseline,
          fingerprint,
          context.clock,
          context.actor,
        );
        const trials = await runTrials(store, pool, definition, evaluate, context);
        const report = studyReport(definition, trials);
        const best = trials.find(({ number }) => number === report.best?.number);
        if (best !== undefined && context.replicates !== undefined) context.onBootstrap?.(best.number);
        return {
          definition,
          trials,
          log,
          fingerprint,
          holdout: await holdOut?.score(trials, report),
          bootstrap:
            best === undefined || context.replicates === undefined
              ? undefined
              : await bootstrapReport(definition, log, pool, best, context.replicates),
          samples: await sampleReport(definition, log, pool, trials, report),
          disagreements: await rankingDisagreements(definition, log, pool, resultTrials(report)),
        };
      } finally {
        await store.destroy();
      }
    } finally {
      await holdOut?.close();
    }
  } finally {
    await pool.close();
  }
}
