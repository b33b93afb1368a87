import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { ExplainedTrial, Observations, Weights } from '../../src/domain/trial.ts';

/** A study of three weights for an external evaluator whose numbers have no noise, with other keys as given. */
export function smallDefinition(keys: Readonly<Record<string, unknown>> = {}): StudyDefinition {
  return studySchema.parse({
    name: 'small',
    weights: { a: [0, 1], b: [0, 1], c: [0, 1] },
    sum: 1,
    objective: 'maximize gain',
    metrics: { gain: { noise: 'none' }, cost: { noise: 'none' } },
    report: ['cost'],
    ...keys,
  });
}

/** A completed trial with these metrics. */
export function completedTrial(
  number: number,
  weights: Weights | null,
  metrics: Readonly<Record<string, number>>,
): ExplainedTrial {
  return { ...runningTrial(number, weights), state: 'completed', observations: observed(metrics) };
}

export function runningTrial(number: number, weights: Weights | null): ExplainedTrial {
  return {
    number,
    state: 'running',
    weights,
    provenance: {
      generator: 'space_filling',
      reason: 'given by the test',
      acquisitionValue: null,
      feasibility: [],
      predictions: {},
      nearestTrialDistance: null,
      hyperparameters: {},
    },
    observations: {},
  };
}

function observed(metrics: Readonly<Record<string, number>>): Observations {
  return Object.fromEntries(Object.entries(metrics).map(([metric, mean]) => [metric, { mean, sem: null }]));
}
