import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { fitMetric } from '../../src/optimizer/fit-metric.ts';
import { initialCandidates, modelsNeeded } from '../../src/optimizer/initialise.ts';
import type { FittedMetrics } from '../../src/optimizer/metric-models.ts';
import { propose } from '../../src/optimizer/propose.ts';
import type { Candidate } from '../../src/optimizer/candidate.ts';
import { completedTrial } from './small-study-definition.ts';

/** What a trial measures, exactly. */
export type Measure = (weights: Weights) => Readonly<Record<string, number>>;

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
): readonly Trial[] {
  const { baseline } = definition;
  const trials: Trial[] = [];
  if (baseline !== undefined && 'weights' in baseline) {
    trials.push(completedTrial(0, baseline.weights, measure(baseline.weights)));
  }
  for (let number = 1; number <= candidates; number++) {
    const { weights, provenance } = nextCandidate(definition, trials);
    trials.push({ ...completedTrial(number, weights, measure(weights)), provenance });
  }
  return trials;
}
