import { z } from 'zod';
import { inputError, type InputProblem } from '../domain/errors.ts';
import { formatGuardrail } from '../domain/guardrail.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Weights } from '../domain/trial.ts';
import { weightsProblems } from '../optimizer/attached-candidate.ts';
import { encodeStudy } from '../optimizer/encode.ts';
import { withMargins } from '../optimizer/guardrail-margin.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';
import { modelReportSchema, waitingModelReport } from '../optimizer/model-report.ts';
import { weightsPredictionSchema } from '../optimizer/predict-weights.ts';
import { observedTrials } from '../optimizer/training-data.ts';
import { fitMetrics } from './fit-metrics.ts';
import { packTrials } from './packed-trials.ts';
import type { WriteContext } from './service-context.ts';
import { studyMoment } from './study-moment.ts';

/** What the models foretell at each of the given weights. */
export const studyPredictionSchema = modelReportSchema
  .omit({ metrics: true })
  .extend({
    predictions: z
      .array(weightsPredictionSchema.extend({ weights: z.record(z.string(), z.number()) }))
      .readonly()
      .describe('One a point, in their order; empty while the models wait.'),
  })
  .meta({ id: 'StudyPrediction' });

export type StudyPrediction = Readonly<z.output<typeof studyPredictionSchema>>;

/**
 * What the models of the next suggestion foretell at given weights. Of a sweep's guardrails they model the slack less its margin.
 *
 * Throws `study_not_found`, `weights_invalid` for weights that no trial could have.
 */
export async function predictStudy(
  { store, pool, onStored }: Pick<WriteContext<StudyPrediction>, 'store' | 'pool' | 'onStored'>,
  studyId: string,
  points: readonly Weights[],
): Promise<StudyPrediction> {
  const moment = await studyMoment(store, studyId);
  checkPoints(moment.definition, points);
  const { definition, trials } = withMargins(moment.definition, moment.finished);
  const waiting = waitingModelReport(definition, trials);
  const head = { study: definition.name, observations: observedTrials(trials).length };
  let prediction: StudyPrediction = { ...head, waitingFor: waiting?.waitingFor ?? null, predictions: [] };
  if (waiting === undefined) {
    const packed = packTrials(trials);
    const fitted = await fitMetrics(pool, definition, trials, modelledMetrics(definition));
    const found = await pool.run('predict', { definition, trials: packed, fitted, points });
    const predictions = found.map((each, i) => ({
      weights: points[i]!,
      ...each,
      feasibility: each.feasibility.map(({ probability }, k) => ({
        guardrail: formatGuardrail(moment.definition.guardrails[k]!),
        probability,
      })),
    }));
    prediction = { ...prediction, predictions };
  }
  await onStored?.(store, prediction);
  return prediction;
}

/** Throws `weights_invalid` with all that is wrong, each at its place in the body of the request. */
function checkPoints(definition: StudyDefinition, points: readonly Weights[]): void {
  const encoding = encodeStudy(definition);
  const problems = points.flatMap((weights, i) =>
    [...weightsProblems(definition, encoding, weights)].map(({ pointer, detail }): InputProblem => ({
      pointer: pointer.replace(/^\/weights/, `/weights/${i}`),
      detail,
    })),
  );
  if (problems.length > 0) throw inputError('weights_invalid', problems);
}
