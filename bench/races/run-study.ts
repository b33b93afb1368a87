import type { StudyDefinition } from '../../src/domain/study.ts';
import {
  BASELINE_TRIAL,
  type ExplainedTrial,
  type Observations,
  type Trial,
} from '../../src/domain/trial.ts';
import type { Candidate } from '../../src/optimizer/candidate.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { initialCandidates, modelsNeeded } from '../../src/optimizer/initialise.ts';
import type { FittedMetrics } from '../../src/optimizer/metric-models.ts';
import { propose } from '../../src/optimizer/propose.ts';
import { baselineTrial } from '../../src/service/baseline-trial.ts';
import type { Measure } from '../problems/problem.ts';

export function fitted(definition: StudyDefinition, trials: readonly Trial[]): FittedMetrics {
  const metrics = modelsNeeded(definition, trials);
  return Object.fromEntries(metrics.map((metric) => [metric, fitMetric(definition, trials, metric)]));
}

/** The next candidate, as the service finds it: the space-filling design, then the model's. */
export function nextCandidate(definition: StudyDefinition, trials: readonly Trial[]): Candidate {
  if (modelsNeeded(definition, trials).length === 0) return initialCandidates(definition, trials, 1)[0]!;
  return propose(definition, trials, fitted(definition, trials));
}

/** A study run one trial at a time: its baseline, where it has weights, then so many candidates. */
export function runStudy(
  definition: StudyDefinition,
  measure: Measure,
  candidates: number,
): readonly ExplainedTrial[] {
  const trials = [...measuredBaseline(definition, measure)];
  for (let number = BASELINE_TRIAL + 1; number <= candidates; number++) {
    const candidate = nextCandidate(definition, trials);
    trials.push(completed(running(number, candidate), exactly(measure(candidate.weights))));
  }
  return trials;
}

/** ExplainedTrial 0, measured; none for a study without baseline weights. */
export function measuredBaseline(definition: StudyDefinition, measure: Measure): readonly ExplainedTrial[] {
  const trial = baselineTrial(definition);
  if (trial === undefined || trial.weights === null) return [];
  return [completed(trial, exactly(measure(trial.weights)))];
}

export function running(number: number, candidate: Candidate): ExplainedTrial {
  return { number, state: 'running', ...candidate, observations: {} };
}

export function completed<Kind extends Trial>(trial: Kind, observations: Observations): Kind {
  return { ...trial, state: 'completed', observations };
}

/** Observations without an error. */
export function exactly(metrics: Readonly<Record<string, number>>): Observations {
  return Object.fromEntries(Object.entries(metrics).map(([metric, mean]) => [metric, { mean, sem: null }]));
}
