import type { MetricKindName } from '../../domain/metric.ts';
import { averagePrecisionBounds } from './average-precision-bounds.ts';
import type { BoundsOf } from './metric-bounds.ts';
import { rocAucBounds } from './roc-auc-bounds.ts';
import { trapezoidBounds } from './trapezoid-bounds.ts';

/** Metrics of a utility's ranking over the whole log, which a histogram bounds. */
export const BOUNDS_BY_KIND: Readonly<Partial<Record<MetricKindName, BoundsOf>>> = {
  average_precision: averagePrecisionBounds,
  pr_auc_trapezoid: trapezoidBounds,
  roc_auc: rocAucBounds,
};
