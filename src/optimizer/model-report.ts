import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { FEWEST_OBSERVATIONS, waitingFor } from './initialise.ts';
import type { MetricModelReport } from './metric-model-report.ts';
import { observedTrials } from './training-data.ts';

/** What is to be known of a study's models. The same trials give the same report. */
export interface ModelReport {
  readonly study: string;
  /** Completed trials with weights, which the models learn from. */
  readonly observations: number;
  /** What has to come before models can be fitted, in words; null where they are. */
  readonly waitingFor: string | null;
  /** One model a metric that steers the study, the objectives first; empty while they wait. */
  readonly metrics: Readonly<Record<string, MetricModelReport>>;
}

/** The same without models, where they have to wait; undefined where they can be fitted. */
export function waitingModelReport(
  definition: StudyDefinition,
  trials: readonly Trial[],
): ModelReport | undefined {
  const lacking = waitingFor(definition, trials);
  if (lacking === undefined) return undefined;
  const observations = observedTrials(trials).length;
  const count = `${observations} of at least ${FEWEST_OBSERVATIONS} trials with weights completed`;
  return { study: definition.name, observations, waitingFor: `${lacking} (${count})`, metrics: {} };
}
