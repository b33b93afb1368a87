import type { LogMetric } from '../../domain/metric.ts';
import { unknownSegmentError } from '../metric-rows.ts';

/** The rows that a head and segment count. */
export interface RowSelection {
  readonly head: string;
  /** Undefined for all of them. */
  readonly segment: string | undefined;
}

/** All rows of each head, then the heads and segments of metrics. Throws `log_invalid` for a segment that the log does not have. */
export function selectionsOf(
  {
    heads,
    metrics,
  }: { readonly heads: Readonly<Record<string, unknown>>; readonly metrics: readonly LogMetric[] },
  segments: readonly string[],
): readonly RowSelection[] {
  const selections: RowSelection[] = Object.keys(heads).map((head) => ({ head, segment: undefined }));
  for (const metric of metrics) {
    if (metric.segment !== undefined && !segments.includes(metric.segment)) {
      throw unknownSegmentError(metric, segments);
    }
    if (placeOf(selections, metric) < 0) selections.push({ head: metric.head, segment: metric.segment });
  }
  return selections;
}

/** The place of a metric's rows among the selections; −1 where they are not among them. */
export function placeOf(
  selections: readonly RowSelection[],
  { head, segment }: Pick<LogMetric, 'head' | 'segment'>,
): number {
  return selections.findIndex((selection) => selection.head === head && selection.segment === segment);
}
