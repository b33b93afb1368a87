import { firstEventOfTrial } from '../../store/events.ts';
import { inReadTransaction } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { findTrial, getTrial } from '../../store/trials.ts';
import { observationOf } from '../domain/derived-metric.ts';
import { formatGuardrail } from '../domain/guardrail.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type Observation, type Provenance, type Trial } from '../domain/trial.ts';
import { guardrailBounds, slackOf } from '../optimizer/guardrail-bounds.ts';
import type { StoredTrial } from '../../store/trials.ts';
import type { ServiceContext } from './service-context.ts';

/** What was foretold of a metric, and what came of it. */
export interface ForetoldMetric {
  readonly metric: string;
  readonly mean: number;
  readonly stddev: number;
  readonly observed: Pick<Observation, 'mean' | 'sem'> | null;
  /** (observed − mean) / √(stddev² + sem²), sem 0 where it is not known; null where nothing is observed or all of it is exact. */
  readonly standardScore: number | null;
}

/** A guardrail as it was foretold, and as it came. */
export interface ForetoldGuardrail {
  readonly guardrail: string;
  readonly probability: number;
  /** Whether it holds surely, or not, or binds: its bound lies within 1.96 stddev of what was foretold. */
  readonly foretold: 'met' | 'binding' | 'violated';
  /** By how much the observed value meets it, without a margin; negative where it violates it; null where it is not known. */
  readonly slack: number | null;
}

export interface TrialExplanation extends Pick<
  Provenance,
  'generator' | 'reason' | 'replicateOf' | 'note' | 'acquisitionValue' | 'nearestTrialDistance'
> {
  readonly number: number;
  readonly state: StoredTrial['state'];
  readonly weights: StoredTrial['weights'];
  /** Who asked for it and when; null where the log has no entry of its own for it. */
  readonly asked: { readonly at: string; readonly actor: string } | null;
  /** The trials that it was chosen by: all events until `after`, and those that counted as running; null for others. */
  readonly basis: unknown;
  /** Empty where no model chose it. */
  readonly predictions: readonly ForetoldMetric[];
  readonly guardrails: readonly ForetoldGuardrail[];
}

/** P(met) between which a guardrail binds: two-sided 95 % of a normal slack. */
const [SURELY_VIOLATED, SURELY_MET] = [0.025, 0.975];

/**
 * Why a trial was chosen, and what came of what was foretold: from what is stored, without a model.
 *
 * Throws `study_not_found`, `trial_not_found`.
 */
export async function explainTrial(
  { store }: Pick<ServiceContext, 'store'>,
  studyId: string,
  number: number,
): Promise<TrialExplanation> {
  return inReadTransaction(store, async (transaction) => {
    const { definition } = await getStudy(transaction, studyId);
    const trial = await getTrial(transaction, studyId, number);
    const baseline = await findTrial(transaction, studyId, BASELINE_TRIAL);
    const event = await firstEventOfTrial(transaction, studyId, number);
    const { generator, reason, replicateOf, note, acquisitionValue, nearestTrialDistance } = trial.provenance;
    return {
      number,
      state: trial.state,
      weights: trial.weights,
      generator,
      reason,
      ...(replicateOf !== undefined && { replicateOf }),
      ...(note !== undefined && { note }),
      acquisitionValue,
      nearestTrialDistance,
      asked: event === undefined ? null : { at: event.at, actor: event.actor },
      basis: event?.payload['basis'] ?? null,
      predictions: foretoldMetrics(definition, trial),
      guardrails: foretoldGuardrails(definition, trial, baseline === undefined ? [] : [baseline]),
    };
  });
}

function foretoldMetrics(definition: StudyDefinition, trial: StoredTrial): readonly ForetoldMetric[] {
  return Object.entries(trial.provenance.predictions).map(([metric, { mean, stddev }]) => {
    const observed = observationOf(definition, trial.observations, metric);
    if (observed === undefined) return { metric, mean, stddev, observed: null, standardScore: null };
    const error = Math.hypot(stddev, observed.sem ?? 0);
    return {
      metric,
      mean,
      stddev,
      observed: { mean: observed.mean, sem: observed.sem },
      standardScore: error === 0 ? null : (observed.mean - mean) / error,
    };
  });
}

function foretoldGuardrails(
  definition: StudyDefinition,
  { provenance, observations }: StoredTrial,
  baseline: readonly Trial[],
): readonly ForetoldGuardrail[] {
  const bounds = guardrailBounds(definition, baseline);
  return provenance.feasibility.map(({ guardrail, probability }) => {
    const k = definition.guardrails.findIndex((each) => formatGuardrail(each) === guardrail);
    const bound = bounds?.[k];
    const observed = bound && observationOf(definition, observations, bound.metric);
    return {
      guardrail,
      probability,
      foretold: probability >= SURELY_MET ? 'met' : probability <= SURELY_VIOLATED ? 'violated' : 'binding',
      slack: bound === undefined || observed === undefined ? null : slackOf(bound, observed.mean),
    };
  });
}
