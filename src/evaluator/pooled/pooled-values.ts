import type { LogMetric } from '../../domain/metric.ts';
import type { EngagementLog } from '../engagement-log.ts';
import { headOf, type KeptSelections, rowsOf } from '../metric-rows.ts';
import type { Selection } from '../selection.ts';
import { CURVE_SUMS, type CurveKind } from './curve-sums.ts';
import { labelCodes, MOST_SELECTIONS } from './label-codes.ts';
import { preparePass, runPass } from './pooled-pass.ts';
import type { PooledScratch } from './pooled-scratch.ts';

export interface PooledValue {
  readonly metric: LogMetric;
  readonly rows: Selection;
  /** Undefined where the metric is. */
  readonly value: number | undefined;
}

/** The pooled metrics among `metrics` of the utilities in `scratch`, by one pass for every eight heads and segments. */
export function pooledValues(
  log: EngagementLog,
  metrics: readonly LogMetric[],
  scratch: KeptSelections & { readonly utility: Float64Array; readonly pooled: PooledScratch },
): readonly PooledValue[] {
  const { utility, pooled } = scratch;
  const wanted = metrics.filter(({ kind }) => isCurve(kind));
  const names = [...new Set(wanted.map(selectionName))];
  const found: PooledValue[] = [];
  for (let start = 0; start < names.length; start += MOST_SELECTIONS) {
    const inPass = names.slice(start, start + MOST_SELECTIONS);
    const ofPass = wanted.filter((metric) => inPass.includes(selectionName(metric)));
    const selections = inPass.map((name) => {
      const metric = ofPass.find((other) => selectionName(other) === name)!;
      return rowsOf(log, headOf(log, metric), metric, scratch);
    });
    const key = inPass.join(' ');
    const codes = pooled.codes.get(key) ?? labelCodes(selections, log.rows);
    pooled.codes.set(key, codes);
    const curves = ofPass.map((metric) => ({
      kind: metric.kind as CurveKind,
      selection: inPass.indexOf(selectionName(metric)),
    }));
    const values = runPass(preparePass(codes, curves, utility, pooled.rows), pooled);
    ofPass.forEach((metric, k) => {
      found.push({ metric, rows: selections[curves[k]!.selection]!, value: values[k] });
    });
  }
  return found;
}

function isCurve(kind: string): kind is CurveKind {
  return kind in CURVE_SUMS;
}

function selectionName({ head, segment }: LogMetric): string {
  return `${head}[${segment ?? ''}]`;
}
