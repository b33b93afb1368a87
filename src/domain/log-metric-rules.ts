import { estimatorOf } from './counterfactual-metric.ts';
import type { LogSource } from './log.ts';
import type { LogMetric } from './metric.ts';

/** What a metric needs of the study's log that it does not say, in one line. */
export function missingFromLog(
  { name, kind, cutoff = 0, options, segment }: LogMetric,
  log: LogSource,
): string | undefined {
  if (segment !== undefined && log.segment === undefined)
    return `metric "${name}" is of a segment: add segment: COLUMN under log`;
  if (estimatorOf(kind) !== undefined) {
    if (log.displayPropensity === undefined)
      return `metric "${name}" is counterfactual: add displayPropensity: COLUMN under log`;
    if (log.position === undefined)
      return `metric "${name}" is counterfactual: add position: COLUMN under log`;
  }
  if (options.debias === 'examination' && log.examination === undefined)
    return `metric "${name}" is debiased: add examination: COLUMN under log`;
  if (options.examination !== 'curve') return undefined;
  if (log.examinationCurve === undefined)
    return `metric "${name}" needs a curve: add examinationCurve: [P(examined | place 1), …] under log`;
  const places = log.examinationCurve.length;
  return places < cutoff
    ? `metric "${name}" needs ${cutoff} places of the log's examinationCurve, which has ${places}`
    : undefined;
}
