import { DomainError } from '../domain/errors.ts';
import type { LogMetric } from '../domain/metric.ts';
import type { EngagementLog, HeadColumns } from './engagement-log.ts';
import { labelsOfSegment, selectRows, type Selection } from './selection.ts';

/** Where selections are kept, by head and segment. */
export interface KeptSelections {
  readonly selections: Map<string, Selection>;
}

/**
 * The rows that a metric counts: those of its segment, or all, that have a label of its head. They are found once, and
 * kept in `scratch`.
 *
 * Throws `log_invalid` for a segment that the log does not have.
 */
export function rowsOf(
  log: EngagementLog,
  { label, name: head }: HeadColumns,
  metric: LogMetric,
  scratch: KeptSelections,
): Selection {
  return selection(log, metric, scratch, head, () => label);
}

/** The same rows with their grades as labels, where the head has grades. */
export function gradedRowsOf(
  log: EngagementLog,
  head: HeadColumns,
  metric: LogMetric,
  scratch: KeptSelections,
): Selection {
  const { name, grade } = head;
  if (grade === undefined) return rowsOf(log, head, metric, scratch);
  return selection(log, metric, scratch, `${name} grades`, () => grade);
}

/** The rows of a metric's segment, or all, with a label or without; their labels are 0 here. */
export function shownRowsOf(log: EngagementLog, metric: LogMetric, scratch: KeptSelections): Selection {
  return selection(log, metric, scratch, '', () => new Int8Array(log.rows));
}

function selection(
  log: EngagementLog,
  metric: LogMetric,
  { selections }: KeptSelections,
  head: string,
  labels: () => Int8Array,
): Selection {
  const key = `${head}[${metric.segment ?? ''}]`;
  const kept = selections.get(key);
  if (kept !== undefined) return kept;
  const label = metric.segment === undefined ? labels() : inSegment(log, metric, labels());
  const found = selectRows(log.requestOffsets, label, log.weight);
  selections.set(key, found);
  return found;
}

function inSegment({ segment: column }: EngagementLog, metric: LogMetric, label: Int8Array): Int8Array {
  if (column === undefined) throw new RangeError(`the log was read without a segment, for ${metric.name}`);
  const { names, code } = column;
  const segment = names.indexOf(metric.segment!);
  if (segment < 0) throw unknownSegmentError(metric, names);
  return labelsOfSegment(label, code, segment);
}

/** A metric of a segment that is not among those of the log. */
export function unknownSegmentError({ name }: LogMetric, segments: readonly string[]): DomainError {
  return new DomainError(
    'log_invalid',
    `metric ${name} is of a segment that the log does not have: expected one of ${segments.join(', ') || 'none, as the column is empty'}`,
  );
}

/** The head that a metric is of. Throws a `RangeError` where the log was read without it. */
export function headOf(log: EngagementLog, metric: LogMetric): HeadColumns {
  const head = log.heads.find(({ name }) => name === metric.head);
  if (head === undefined)
    throw new RangeError(`the log has no head "${metric.head}" for metric ${metric.name}`);
  return head;
}
