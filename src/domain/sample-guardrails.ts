import { estimatorOf } from './counterfactual-metric.ts';
import { partsOf } from './derived-metric.ts';
import { formatGuardrail, type Guardrail } from './guardrail.ts';
import { type LogMetric, parseLogMetric } from './metric.ts';
import { objectivesOf, type StudyDefinition } from './study.ts';

/**
 * The guardrails that a study's counterfactual metrics bring: the effective sample size of each that steers it is to reach the
 * metric's `ess`, so that weights about which the log tells next to nothing are infeasible. Without those that the study has.
 */
export function sampleGuardrails(study: StudyDefinition): readonly Guardrail[] {
  const steering = [...objectivesOf(study), ...study.guardrails].map(({ metric }) => metric);
  const least = new Map<string, number>();
  for (const part of new Set(steering.flatMap((metric) => partsOf(study, metric)))) {
    const metric = parseLogMetric(part, Object.keys(study.heads ?? {}));
    const size = typeof metric === 'string' ? undefined : sampleSizeOf(metric);
    if (typeof metric === 'string' || size === undefined) continue;
    least.set(size, Math.max(least.get(size) ?? 0, metric.options.ess));
  }
  const given = new Set(study.guardrails.map(formatGuardrail));
  const needed = [...least].map(([metric, offset]): Guardrail => ({
    metric,
    relation: '>=',
    factor: 0,
    offset,
  }));
  return needed.filter((guardrail) => !given.has(formatGuardrail(guardrail)));
}

/** The metric that is the effective sample size of a counterfactual one; undefined for any other, and for itself. */
export function sampleSizeOf({ head, kind, cutoff, options, segment }: LogMetric): string | undefined {
  const estimator = estimatorOf(kind);
  if (estimator === undefined || kind === `${estimator}.ess`) return undefined;
  const clip = options.largestWeight === Infinity ? '' : `{clip=${options.largestWeight}}`;
  const rows = segment === undefined ? '' : `[segment=${segment}]`;
  return `${head}.${estimator}.ess@${cutoff!}${clip}${rows}`;
}
