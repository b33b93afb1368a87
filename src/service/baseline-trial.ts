import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, type ExplainedTrial, observed, type Provenance } from '../domain/trial.ts';

const PROVENANCE: Provenance = {
  generator: 'baseline',
  reason: 'the status quo that guardrails and gains are measured against',
  acquisitionValue: null,
  feasibility: [],
  predictions: {},
  nearestTrialDistance: null,
  hyperparameters: {},
};

/** Trial 0 of a study with a baseline, still to be measured where the study does not give its metrics. */
export function baselineTrial({ baseline }: StudyDefinition): ExplainedTrial | undefined {
  if (baseline === undefined) return undefined;
  const trial = { number: BASELINE_TRIAL, provenance: PROVENANCE };
  if ('metrics' in baseline) {
    return { ...trial, state: 'completed', weights: null, observations: observed(baseline.metrics) };
  }
  const weights = 'weights' in baseline ? baseline.weights : null;
  return { ...trial, state: 'running', weights, observations: {} };
}
