import type { Store } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { listTrials } from '../../store/trials.ts';
import { DomainError } from '../domain/errors.ts';
import { objectivesOf, type StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { probabilitySpreads } from '../evaluator/probability-spread.ts';
import type { RankingAgreement } from '../evaluator/ranking-agreement.ts';
import { splitLog } from '../evaluator/split-log.ts';
import type { Ordering } from '../evaluator/utility.ts';
import { withMargins } from '../optimizer/guardrail-margin.ts';
import { encodeStudy } from '../optimizer/encode.ts';
import { FEWEST_OBSERVATIONS } from '../optimizer/initialise.ts';
import type { FittedMetrics } from '../optimizer/metric-models.ts';
import { firstObjective, hasSeveralObjectives, modelledMetrics } from '../optimizer/metric-roles.ts';
import { studyReport } from '../optimizer/study-report.ts';
import { observedTrials } from '../optimizer/training-data.ts';
import { trialsInPlay } from '../optimizer/trials-in-play.ts';
import type { TrialReport } from '../optimizer/trial-report.ts';
import { type ComputePool, openComputePool } from './compute-pool.ts';
import { type ExplainedNearOptimum, nearOptimum, type Tolerance } from './explain-near-optimum.ts';
import { type ExplainedRounding, rounding } from './explain-rounding.ts';
import type { LoadedLog } from './load-log.ts';
import { fitMetrics } from './fit-metrics.ts';
import { asStored, checkUnchanged } from './resume-study.ts';
import { logEvaluator, measuredMetrics, measuredOf, pairedEvaluator } from './log-evaluator.ts';
import { withDefaults } from './sweep-defaults.ts';

export type { Tolerance } from './explain-near-optimum.ts';
export type { RankingAgreement } from '../evaluator/ranking-agreement.ts';

export interface ExplainContext {
  /** The study's log, its scores calibrated as the definition says. */
  readonly loadLog: (definition: StudyDefinition) => Promise<LoadedLog>;
  readonly openStore: () => Promise<Store>;
  readonly workers: number;
  /** Left out, the noise of the objective on the log. */
  readonly within?: Tolerance;
  /** Of the top that rankings are compared in. */
  readonly cutoff: number;
}

/** What a sweep's best trial means. */
export interface Explanation {
  readonly study: string;
  readonly rows: number;
  readonly requests: number;
  readonly objective: string;
  readonly winner: TrialReport;
  /** Each head's w_t·sd(p_t)/Σ over the log; the baseline's null where it is not weights. */
  readonly shares: { readonly winner: Weights; readonly baseline: Weights | null };
  /** Null where the winner is not feasible, or too little is measured to model. */
  readonly nearOptimal: ExplainedNearOptimum | null;
  /** The winner's ranking beside the baseline's; null where that is not known or is the winner. */
  readonly agreement: RankingAgreement | null;
  /** Of a study with a step. */
  readonly rounded: ExplainedRounding | null;
}

const AS_SWEPT = 'give the file, and --log, --seed and --holdout, that it was swept with';

/**
 * Explains the best trial of a stored sweep: near-optimal weights by the models, the share of each head in the utility, the
 * agreement with the baseline's ranking, and weights that are multiples of the study's step, evaluated on the log. Nothing is
 * stored.
 *
 * Throws `study_not_found`, `study_changed`, `study_unsupported` for a sweep in the histogram form, `study_objectives` for a study with several, `request_invalid` without a completed
 * trial, `study_invalid` for a step that no weights near the winner are multiples of.
 */
export async function explain(given: StudyDefinition, context: ExplainContext): Promise<Explanation> {
  encodeStudy(given);
  if (hasSeveralObjectives(given)) {
    const count = objectivesOf(given).length;
    throw new DomainError(
      'study_objectives',
      `study "${given.name}" has ${count} objectives: expected one, for a best trial to explain`,
      { pointer: '/objectives' },
    );
  }
  const store = await context.openStore();
  try {
    const stored = await getStudy(store, given.name);
    if (stored.definition.log?.form === 'histogram') {
      throw new DomainError(
        'study_unsupported',
        `study "${given.name}" was swept in the histogram form, which keeps no rankings: expected a sweep in log.form: rows`,
        { pointer: '/log/form' },
      );
    }
    const loaded = await context.loadLog(given);
    checkUnchanged(stored, given, withDefaults(given), loaded.fingerprint, AS_SWEPT);
    const definition = asStored(stored.definition, given, withDefaults(given));
    const trials = trialsInPlay(definition, await listTrials(store, given.name));
    const { best } = studyReport(definition, trials);
    if (best === null) {
      throw new DomainError(
        'request_invalid',
        `study "${given.name}" has no completed trial: expected at least one to explain`,
      );
    }
    // What the trials were scored on.
    const log =
      given.holdout === undefined ? loaded.log : splitLog(loaded.log, given.holdout, given.seed).tune;
    const pool = openComputePool(context.workers, log);
    try {
      return await explainTrial(definition, trials, best, log, pool, context);
    } finally {
      await pool.close();
    }
  } finally {
    await store.destroy();
  }
}

async function explainTrial(
  definition: StudyDefinition,
  trials: readonly Trial[],
  winner: TrialReport,
  log: EngagementLog,
  pool: ComputePool,
  { within, cutoff }: ExplainContext,
): Promise<Explanation> {
  const { baseline } = definition;
  const heads = log.heads.map(({ name }) => name);
  const baselineWeights = baseline !== undefined && 'weights' in baseline ? baseline.weights : null;
  const spreads = Object.fromEntries(probabilitySpreads(log).map((spread, t) => [heads[t]!, spread]));
  const ordering = (weights: Weights): Ordering => ({
    weights: Float64Array.from(heads, (head) => weights[head]!),
  });
  const other =
    baselineWeights === null
      ? baseline !== undefined && 'scoreColumn' in baseline
        ? 'baselineScore'
        : undefined
      : ordering(baselineWeights);
  const isBaseline = winner.number === 0;
  const fitted = await fittedModels(pool, definition, trials);
  const { metric: objective } = firstObjective(definition);
  const measured = measuredOf(definition, log, objective);
  const againstWinner = await pairedEvaluator(log, pool, measured, ordering(winner.weights));
  return {
    study: definition.name,
    rows: log.rows,
    requests: log.requests,
    objective,
    winner,
    shares: {
      winner: sharesOf(winner.weights, spreads),
      baseline: baselineWeights === null ? null : sharesOf(baselineWeights, spreads),
    },
    nearOptimal:
      fitted === undefined || !winner.feasible
        ? null
        : await nearOptimum(pool, definition, trials, fitted, winner, againstWinner, within),
    agreement:
      other === undefined || isBaseline
        ? null
        : await pool.run('compareRankings', { one: ordering(winner.weights), other, cutoff }),
    rounded:
      definition.step === undefined
        ? null
        : await rounding(
            pool,
            definition,
            trials,
            fitted,
            winner,
            await logEvaluator(definition, log, pool, measuredMetrics(definition, log)),
            againstWinner,
          ),
  };
}

async function fittedModels(
  pool: ComputePool,
  study: StudyDefinition,
  stored: readonly Trial[],
): Promise<FittedMetrics | undefined> {
  const { definition, trials } = withMargins(study, stored);
  if (observedTrials(trials).length < FEWEST_OBSERVATIONS) return undefined;
  return fitMetrics(pool, definition, trials, modelledMetrics(definition));
}

/** w_t·sd_t/Σ; 0 of a utility that is the same everywhere. */
function sharesOf(weights: Weights, spreads: Readonly<Record<string, number>>): Weights {
  const parts = Object.entries(weights).map(([head, weight]) => [head, weight * spreads[head]!] as const);
  const total = parts.reduce((sum, [, part]) => sum + part, 0);
  return Object.fromEntries(parts.map(([head, part]) => [head, total === 0 ? 0 : part / total]));
}
