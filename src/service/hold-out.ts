import { DomainError } from '../domain/errors.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import type { SplitLog } from '../evaluator/split-log.ts';
import { objectiveSign } from '../optimizer/metric-roles.ts';
import { reportOfTrial, type StudyReport } from '../optimizer/study-report.ts';
import type { GuardrailReport, MetricReport, TrialReport } from '../optimizer/trial-report.ts';
import { openComputePool } from './compute-pool.ts';
import { logEvaluator, measuredBaseline, measuredMetrics } from './log-evaluator.ts';
import { NOISE_ERRORS } from './noise-errors.ts';
import { resultTrials } from './result-trials.ts';
import { checkBaselineSample } from './sample-report.ts';

/** A metric of a trial on the part that it was tuned on and on the one that was held out. */
export interface HeldOutMetric {
  readonly tune: MetricReport;
  readonly holdout: MetricReport;
  /** What `optimism` is a difference of: relative changes where both parts have one, else changes, else values. */
  readonly of: 'relativeChange' | 'change' | 'value';
  /** tune − hold-out. */
  readonly optimism: number;
  /** The parts are independent: √(se² + se²); null where one is not known. */
  readonly optimismSem: number | null;
}

export interface HeldOutTrial {
  readonly number: number;
  readonly metrics: Readonly<Record<string, HeldOutMetric>>;
  /** On the hold-out, with its own margins. */
  readonly guardrails: readonly GuardrailReport[];
  /** Guardrails that were met where the trial was tuned, and are not met here. */
  readonly unmet: readonly string[];
  /** Objectives that gained where the trial was tuned, and whose gain here is under 1.645 of its standard errors. */
  readonly withinNoise: readonly string[];
}

export interface HoldoutReport {
  readonly by: SplitLog['by'];
  readonly requests: number;
  readonly rows: number;
  /** The best trial, or those of the Pareto set, without the baseline. */
  readonly trials: readonly HeldOutTrial[];
}

/** The part of a log that is held out. A handle that must be closed. */
export interface HoldOut {
  /** Scores the trials that a sweep ends with. */
  score(trials: readonly Trial[], report: StudyReport): Promise<HoldoutReport>;
  close(): Promise<void>;
}

/** Opens the hold-out, and throws what is wrong with it before any trial is run. */
export async function openHoldOut(
  definition: StudyDefinition,
  { holdout: log, by }: SplitLog,
  someWeights: Weights,
): Promise<HoldOut> {
  const pool = openComputePool(1, log);
  try {
    const evaluate = await logEvaluator(definition, log, pool, measuredMetrics(definition, log));
    const baseline = await measuredBaseline(definition, evaluate);
    await evaluate(someWeights);
    await checkBaselineSample(definition, log, pool);
    return {
      async score(trials, report) {
        const again = resultTrials(report).map(async (tune): Promise<HeldOutTrial> => {
          const tuned = trials.find(({ number }) => number === tune.number)!;
          const trial = { ...tuned, observations: await evaluate(tuned.weights) };
          const others = baseline === undefined ? [] : [baseline];
          return heldOutTrial(definition, tune, reportOfTrial(definition, [...others, trial], tune));
        });
        return { by, requests: log.requests, rows: log.rows, trials: await Promise.all(again) };
      },
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    throw error instanceof DomainError && error.code === 'log_invalid' ? onHoldOut(error) : error;
  }
}

function onHoldOut({ code, message, place, details }: DomainError): DomainError {
  return new DomainError(code, `in the hold-out, ${message}`, place, details);
}

function heldOutTrial(definition: StudyDefinition, tune: TrialReport, holdout: TrialReport): HeldOutTrial {
  const unmet = holdout.guardrails.filter(({ met }, k) => !met && tune.guardrails[k]!.met);
  const withinNoise = objectivesOf(definition).filter(({ metric }) => {
    const { change, changeSem } = holdout.metrics[metric]!;
    const promised = tune.metrics[metric]!.change;
    if (change === null || promised === null) return false;
    const sign = objectiveSign(definition, metric);
    return sign * promised > 0 && sign * change <= NOISE_ERRORS * (changeSem ?? 0);
  });
  return {
    number: tune.number,
    metrics: Object.fromEntries(
      Object.entries(holdout.metrics).map(([name, report]) => [
        name,
        heldOutMetric(tune.metrics[name]!, report),
      ]),
    ),
    guardrails: holdout.guardrails,
    unmet: unmet.map(({ guardrail }) => guardrail),
    withinNoise: withinNoise.map(({ metric }) => metric),
  };
}

function heldOutMetric(tune: MetricReport, holdout: MetricReport): HeldOutMetric {
  const of =
    tune.relativeChange !== null && holdout.relativeChange !== null
      ? 'relativeChange'
      : tune.change !== null && holdout.change !== null
        ? 'change'
        : 'value';
  const errorOf = (report: MetricReport): number | null =>
    of === 'relativeChange'
      ? report.relativeChangeSem
      : of === 'change'
        ? report.changeSem
        : report.observed.sem;
  const [ofTune, ofHoldout] = [errorOf(tune), errorOf(holdout)];
  return {
    tune,
    holdout,
    of,
    optimism: tune[of]! - holdout[of]!,
    optimismSem: ofTune === null || ofHoldout === null ? null : Math.hypot(ofTune, ofHoldout),
  };
}
