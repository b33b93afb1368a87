import type { LogMetric } from '../../domain/metric.ts';
import type { BinnedLog, BinnedLogRequest } from './binned-log.ts';
import type { RowSelection } from './row-selections.ts';
import { placeOf } from './row-selections.ts';
import { LOSS_SQL, type RowSummary } from './summary-statement.ts';

/** What the summary of a log says of it. */
export function describeBinnedLog(
  { heads, bins, metrics, weight: column }: BinnedLogRequest,
  summary: RowSummary,
  selections: readonly RowSelection[],
): Omit<BinnedLog, 'orderingsAtOnce' | 'histograms' | 'close'> {
  const { counted, positives, negativeWeight, positiveWeight, least, most } = summary;
  const weight = positiveWeight.map((sum, s) => sum + negativeWeight[s]!);
  const losses = metrics.filter(({ kind }) => LOSS_SQL[kind] !== undefined);
  const meanLoss = (metric: LogMetric, i: number): number =>
    summary.losses[i]! / weight[placeOf(selections, metric)]!;
  return {
    form: 'histogram',
    rows: summary.rows,
    droppedRows: summary.droppedRows,
    bins,
    weighted: column !== undefined,
    // The first selections are those of the heads, in their order.
    heads: Object.entries(heads).map(([name, { sign, negativeKeepRate }], t) => ({
      name,
      sign,
      calibration: {
        negativeKeepRate,
        rowsWithLabel: counted[t]!,
        positives: positives[t]!,
        baseRate: weight[t] === 0 ? undefined : positiveWeight[t]! / weight[t]!,
        range: { least: least[t]!, most: most[t]! },
      },
    })),
    selections: selections.map((selection, s) => ({
      ...selection,
      rows: counted[s]!,
      positives: positives[s]!,
      negativeWeight: negativeWeight[s]!,
      positiveWeight: positiveWeight[s]!,
    })),
    constants: new Map(
      losses
        .map((metric, i) => [metric.name, meanLoss(metric, i)] as const)
        .filter(([, value]) => Number.isFinite(value)),
    ),
  };
}
