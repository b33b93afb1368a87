import type { RoundGenerator } from '../domain/experiment.ts';
import type { Readout } from '../domain/readout.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Weights } from '../domain/trial.ts';
import {
  type ExperimentAnalysis,
  experimentAnalysis,
  type ExperimentAnalysisSettings,
} from '../online/analysis/experiment-analysis.ts';
import { judgeArms as judge, type JudgedArms, type NextRound } from '../online/analysis/judge-arms.ts';
import { firstRoundArms } from '../online/arms/first-round-arms.ts';
import { nextRoundArms } from '../online/arms/next-round-arms.ts';
import type { OnlineEvidence } from '../online/arms/online-evidence.ts';
import { promisedArms } from '../online/arms/promised-arms.ts';
import type { Proposal } from '../online/arms/proposed-arm.ts';
import {
  experimentPlan,
  type PlannedMetric,
  type PlanRow,
  type PlanSettings,
} from '../online/plan/experiment-plan.ts';
import { DEFAULT_CONFIDENCE } from '../online/transfer/decide-shipment.ts';
import { onlineModels } from '../online/transfer/online-models.ts';
import type { FittedMetrics } from '../optimizer/metric-models.ts';
import { predictWeights } from '../optimizer/predict-weights.ts';
import { type PackedTrials, unpackTrials } from './packed-trials.ts';
import { type Answer, answer } from './task-answer.ts';

/** What the study's own models say of weights: trials, fits, and the least P(feasible) of an arm. */
export interface OfflineModels {
  readonly definition: StudyDefinition;
  readonly trials: PackedTrials;
  readonly fitted: FittedMetrics;
  readonly least: number;
}

/** The arms of a first round, up to `promised` of them what the log promises; with a filter, the others are of those that the models of the trials hold feasible. */
export function firstArms(task: {
  readonly definition: StudyDefinition;
  readonly evidence: OnlineEvidence;
  readonly baseline: Weights;
  readonly count: number;
  readonly seed: number;
  readonly given: readonly Weights[];
  readonly promised: number;
  readonly filter: OfflineModels | null;
}): Answer<Proposal> {
  return answer(() => {
    const { definition, evidence, baseline, count, seed, given, promised, filter } = task;
    const asked = Math.min(count, promised);
    const { arms: kept, notes } = promisedArms(definition, evidence, baseline, given, asked, seed);
    const existing = [baseline, ...given];
    if (filter === null) return { arms: firstRoundArms(definition, count, seed, existing, kept), notes };
    const trials = unpackTrials(filter.definition, filter.trials);
    const arms = firstRoundArms(definition, count, seed, existing, kept, {
      least: filter.least,
      feasibilityOf: (points) =>
        predictWeights(filter.definition, trials, filter.fitted, points).map(
          ({ probabilityFeasible }) => probabilityFeasible,
        ),
    });
    return { arms, notes };
  });
}

/** The arms of a later round, from all rounds and the log. */
export function nextArms(task: {
  readonly definition: StudyDefinition;
  readonly evidence: OnlineEvidence;
  readonly count: number;
  readonly generator: RoundGenerator;
  readonly seed: number;
  readonly given: readonly Weights[];
}): Answer<Proposal> {
  return answer(() => {
    const { definition, evidence, count, generator, seed, given } = task;
    return nextRoundArms(
      onlineModels(definition, evidence),
      evidence,
      count,
      generator,
      seed,
      given,
      definition.confidence ?? DEFAULT_CONFIDENCE,
    );
  });
}

/** All arms by the joint posterior, and what the next round would be. */
export function judgeArms(task: {
  readonly definition: StudyDefinition;
  readonly evidence: OnlineEvidence;
  readonly confidence: number;
  readonly seed: number;
  readonly barred: readonly string[];
  readonly next: NextRound | null;
}): Answer<JudgedArms> {
  return answer(() => {
    const { definition, evidence, confidence, seed, barred, next } = task;
    return judge(definition, evidence, confidence, seed, barred, next);
  });
}

/** One readout by itself. */
export function analyseReadout(task: {
  readonly definition: StudyDefinition;
  readonly readout: Readout;
  readonly settings: ExperimentAnalysisSettings;
}): Answer<ExperimentAnalysis> {
  return answer(() => experimentAnalysis(task.definition.online!, task.readout, task.settings));
}

/** What each arm of experiments of 1 to `mostArms` arms can show: Dunnett's critical values are integrals, which take a second. */
export function planArms(task: {
  readonly metrics: readonly PlannedMetric[];
  readonly settings: PlanSettings;
  readonly mostArms: number;
}): Answer<readonly PlanRow[]> {
  return answer(() => experimentPlan(task.metrics, task.settings, task.mostArms));
}
