import type { LogMetric, MetricKindName } from '../../domain/metric.ts';
import type { EngagementLog } from '../engagement-log.ts';
import { headOf, type KeptSelections, rowsOf } from '../metric-rows.ts';
import type { Selection } from '../selection.ts';
import { CURVE_SUMS, type CurveKind } from './curve-sums.ts';
import { labelCodes, MOST_SELECTIONS } from './label-codes.ts';
import { influenceOn, type PassInfluenceScratch } from './pass-influences.ts';
import type { Team } from '../team/team.ts';
import { curveValues, preparePass } from './pooled-pass.ts';
import type { PooledScratch } from './pooled-scratch.ts';

export interface PooledValue {
  readonly metric: LogMetric;
  readonly rows: Selection;
  /** Undefined where the metric is. */
  readonly value: number | undefined;
  /** ψ of each unit where influences are wanted; overwritten by the next. */
  readonly psi: Float64Array | undefined;
}

/**
 * The pooled metrics among `metrics` of the utilities in `scratch`, by one pass for every eight heads and segments, and, where room
 * for them is given, the influences of units on each.
 */
export function* pooledValues(
  log: EngagementLog,
  metrics: readonly LogMetric[],
  scratch: KeptSelections & { readonly utility: Float64Array; readonly pooled: PooledScratch },
  team: Team,
  influences?: PassInfluenceScratch,
): Generator<PooledValue, void> {
  const { utility, pooled } = scratch;
  const wanted = metrics.filter(({ kind }) => isCurve(kind));
  const names = [...new Set(wanted.map(selectionName))];
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
    const pass = preparePass(codes, curves, utility, pooled.rows, { shares: team.members, influences });
    team.run('pass', pass);
    const values = curveValues(pass);
    for (const [k, metric] of ofPass.entries()) {
      const rows = selections[curves[k]!.selection]!;
      const psi = pass.influences && influenceOn(pass.influences, k);
      yield { metric, rows, value: values[k], psi };
    }
  }
}

export function isCurve(kind: MetricKindName): kind is CurveKind {
  return kind in CURVE_SUMS;
}

function selectionName({ head, segment }: LogMetric): string {
  return `${head}[${segment ?? ''}]`;
}
