import { constancyProbability } from '../../gp/constancy.ts';
import { mean, sampleStddev } from '../../math/statistics.ts';
import { studentTCdf } from '../../math/student-t.ts';
import { partsOf } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import type { StudyEncoding } from './encode.ts';
import type { GuardrailBound } from './guardrail-bounds.ts';
import { guardrailSlack, probabilityMet } from './guardrail-slack.ts';
import type { MetricModels } from './metric-models.ts';
import { baselineRow, noiseKind, observationAt, observedTrials } from './training-data.ts';

/** P(the guardrail holds at x in the unit cube), as a study may claim it. */
export type Claim = (x: Float64Array) => number;

/**
 * The probability that a guardrail holds, with the doubt that inferred noise leaves: that the metric does not depend on the
 * weights at all, and one lucky observation is taken for a peak.
 *
 * P = (1 − q)·Φ(mean/√variance of the slack) + q·T_{n−1}(slack of the mean/its standard error), q the probability that all
 * parts whose noise is inferred are constant (`constancyProbability`), T Student's distribution function. Where noise is
 * known q is 0.
 */
export function guardrailClaim(
  definition: StudyDefinition,
  encoding: StudyEncoding,
  trials: readonly Trial[],
  models: MetricModels,
  bound: GuardrailBound,
): Claim {
  const slack = guardrailSlack(definition, encoding, trials, models, bound);
  const inferred = partsOf(definition, bound.metric).filter((part) => isInferred(definition, trials, part));
  if (inferred.length === 0) return (x) => probabilityMet(slack, x);
  const doubt = inferred.reduce((product, part) => product * constancyProbability(models.get(part)!), 1);
  const ifConstant = probabilityIfConstant(definition, trials, bound);
  return (x) => (1 - doubt) * probabilityMet(slack, x) + doubt * ifConstant;
}

/** Whether all of a metric's noise is: no observation brings a standard error that counts. */
function isInferred(definition: StudyDefinition, trials: readonly Trial[], metric: string): boolean {
  const kind = noiseKind(definition, metric);
  if (kind !== 'known') return kind === 'inferred';
  return observedTrials(trials).every(({ observations }) => observations[metric]!.sem === null);
}

/** Of a metric that is the same everywhere, at the baseline too. */
function probabilityIfConstant(
  definition: StudyDefinition,
  trials: readonly Trial[],
  { metric, relation, factor, offset, bound }: GuardrailBound,
): number {
  const observed = observedTrials(trials);
  const values = Float64Array.from(observed, (trial) => observationAt(definition, trial, metric).mean);
  const n = values.length;
  const isRelative = factor !== 0 && baselineRow(trials) !== undefined;
  const slope = isRelative ? 1 - factor : 1;
  const slack = (relation === '>=' ? 1 : -1) * (slope * mean(values) - (isRelative ? offset : bound));
  const error = n > 1 ? (Math.abs(slope) * sampleStddev(values)) / Math.sqrt(n) : 0;
  if (n > 1 && error > 0) return studentTCdf(slack / error, n - 1);
  return n === 1 || slack === 0 ? 0.5 : slack > 0 ? 1 : 0;
}
