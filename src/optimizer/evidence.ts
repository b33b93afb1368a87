import type { StudyDefinition } from '../domain/study.ts';
import { nextTrialNumber, type Trial, type Weights } from '../domain/trial.ts';
import { type BestTrial, bestTrial } from './best-trial.ts';
import { believe } from './believe.ts';
import type { Candidate } from './candidate.ts';
import type { StudyEncoding } from './encode.ts';
import { encodeFixed } from './encode-fixed.ts';
import { type GuardrailBound, guardrailBounds } from './guardrail-bounds.ts';
import { type FittedMetrics, type MetricModels, metricModels } from './metric-models.ts';
import { hasSeveralObjectives, modelledMetrics } from './metric-roles.ts';
import { type ParetoSet, paretoSet } from './pareto-set.ts';
import { isNoiseFree, pendingTrials } from './training-data.ts';

/** What a study's trials say about the next candidate. All but `trials` and `believed` comes from completed ones. */
export interface Evidence {
  readonly definition: StudyDefinition;
  readonly encoding: StudyEncoding;
  readonly trials: readonly Trial[];
  readonly fitted: FittedMetrics;
  readonly bounds: readonly GuardrailBound[];
  readonly noiseFree: boolean;
  readonly models: MetricModels;
  /** With the running trials at their own means, where the study has one objective and no noise; else as `models`. */
  readonly believed: MetricModels;
  /** Of one objective; undefined while there is none. */
  readonly best: BestTrial | undefined;
  /** Of several objectives. */
  readonly front: ParetoSet | undefined;
}

/** Throws RangeError while the baseline that the guardrails need is not measured. */
export function gatherEvidence(
  definition: StudyDefinition,
  trials: readonly Trial[],
  fitted: FittedMetrics,
  fixed: Weights = {},
): Evidence {
  const bounds = guardrailBounds(definition, trials);
  if (bounds === undefined) throw new RangeError('the baseline is not measured');
  const encoding = encodeFixed(definition, fixed);
  const models = metricModels(definition, encoding, trials, fitted);
  const front = hasSeveralObjectives(definition) ? paretoSet(definition, trials, models) : undefined;
  const best = front === undefined ? bestTrial(definition, trials, models) : undefined;
  const noiseFree = isNoiseFree(definition, modelledMetrics(definition));
  const evidence = { definition, encoding, trials, fitted, bounds, noiseFree, models, best, front };
  return { ...evidence, believed: believedOf({ ...evidence, believed: models }, pendingTrials(trials)) };
}

/** The evidence once the candidate runs, under the number that comes next. */
export function withRunning(evidence: Evidence, candidate: Candidate): Evidence {
  const number = nextTrialNumber(evidence.trials);
  return {
    ...evidence,
    trials: [...evidence.trials, { number, state: 'running', ...candidate, observations: {} }],
    believed: believedOf(evidence, [candidate]),
  };
}

function believedOf(
  { encoding, noiseFree, front, believed }: Evidence,
  running: readonly Pick<Candidate, 'weights'>[],
): MetricModels {
  return noiseFree && front === undefined ? believe(encoding, believed, running) : believed;
}
