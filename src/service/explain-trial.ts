import { z } from 'zod';
import { firstEventOfTrial } from '../../store/events.ts';
import { inReadTransaction } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import { findTrial, getTrial } from '../../store/trials.ts';
import { observationOf } from '../domain/derived-metric.ts';
import { formatGuardrail } from '../domain/guardrail.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, provenanceSchema, type Trial } from '../domain/trial.ts';
import { TRIAL_STATES } from '../domain/trial-state.ts';
import { guardrailBounds, slackOf } from '../optimizer/guardrail-bounds.ts';
import type { StoredTrial } from '../../store/trials.ts';
import type { ServiceContext } from './service-context.ts';

/** What was foretold of a metric, and what came of it. */
const foretoldMetricSchema = z.strictObject({
  metric: z.string(),
  mean: z.number(),
  stddev: z.number(),
  observed: z.strictObject({ mean: z.number(), sem: z.number().nullable() }).nullable(),
  standardScore: z
    .number()
    .nullable()
    .describe(
      '(observed − mean)/√(stddev² + sem²), sem 0 where it is not known; null where nothing is observed or all of it is exact.',
    ),
});

/** A guardrail as it was foretold, and as it came. */
const foretoldGuardrailSchema = z.strictObject({
  guardrail: z.string(),
  probability: z.number(),
  foretold: z
    .enum(['met', 'binding', 'violated'])
    .describe(
      'Whether it holds surely, or not, or binds: its bound lies within 1.96 stddev of what was foretold.',
    ),
  slack: z
    .number()
    .nullable()
    .describe(
      'By how much the observed value meets it, without a margin; negative where it violates it; null where it is not known.',
    ),
});

/** Why a trial was chosen, and what came of it. */
export const trialExplanationSchema = provenanceSchema
  .pick({
    generator: true,
    reason: true,
    replicateOf: true,
    note: true,
    acquisitionValue: true,
    nearestTrialDistance: true,
  })
  .extend({
    number: z.int().min(0),
    state: z.enum(TRIAL_STATES),
    weights: z.record(z.string(), z.number()).readonly().nullable(),
    asked: z
      .strictObject({ at: z.string(), actor: z.string() })
      .nullable()
      .describe('Who asked for it and when; null where the log has no entry of its own for it.'),
    basis: z
      .unknown()
      .describe(
        'The trials that it was chosen by: all events until `after`, and those that counted as running; null for others.',
      ),
    predictions: z.array(foretoldMetricSchema).readonly().describe('Empty where no model chose it.'),
    guardrails: z.array(foretoldGuardrailSchema).readonly(),
  })
  .meta({ id: 'TrialExplanation' });

export type ForetoldMetric = Readonly<z.output<typeof foretoldMetricSchema>>;
export type ForetoldGuardrail = Readonly<z.output<typeof foretoldGuardrailSchema>>;
export type TrialExplanation = Readonly<z.output<typeof trialExplanationSchema>>;

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
