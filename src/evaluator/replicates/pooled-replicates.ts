import type { LogMetric } from '../../domain/metric.ts';
import type { EngagementLog } from '../engagement-log.ts';
import type { EvaluationScratch } from '../evaluation-scratch.ts';
import { headOf, rowsOf } from '../metric-rows.ts';
import type { CurveKind } from '../pooled/curve-sums.ts';
import { labelCodes, MOST_SELECTIONS } from '../pooled/label-codes.ts';
import { isCurve } from '../pooled/pooled-values.ts';
import { rankPooled } from '../rank-pooled.ts';
import type { Selection } from '../selection.ts';
import { type Ordering, writeUtility } from '../utility.ts';
import { passReplicates } from './pass-replicates.ts';
import { rankedBlocks } from './ranked-blocks.ts';
import type { Resamples } from './resamples.ts';

/** A pooled metric. */
interface WantedCurve {
  readonly name: string;
  readonly kind: CurveKind;
  readonly rows: Selection;
}

/**
 * The pooled metrics among `metrics` in every replicate, by name; NaN where the replicate leaves one undefined.
 *
 * The ranking is made once, as weights do not move it, and passed once for all selections that count the same rows.
 */
export function pooledReplicates(
  log: EngagementLog,
  ordering: Ordering,
  metrics: readonly LogMetric[],
  resamples: Resamples,
  scratch: EvaluationScratch,
): Readonly<Record<string, Float64Array>> {
  const wanted = metrics.flatMap((metric): readonly WantedCurve[] => {
    const { name, kind } = metric;
    return isCurve(kind) ? [{ name, kind, rows: rowsOf(log, headOf(log, metric), metric, scratch) }] : [];
  });
  const found: Record<string, Float64Array> = {};
  if (wanted.length === 0) return found;
  writeUtility(log, ordering, scratch.utility);
  const ranking = rankPooled(scratch.utility, scratch);
  const room = { unit: scratch.order[1], weight: scratch.pooled.rows.utility };
  for (const selections of countedTogether(wanted, log.rows)) {
    const codes = labelCodes(selections, log.rows);
    const positives = selections.map((rows) => rows.positives.reduce((sum, count) => sum + count, 0));
    const blocks = rankedBlocks(ranking, codes, positives, resamples.units.ofRow, room);
    const curves = wanted
      .filter(({ rows }) => selections.includes(rows))
      .map(({ name, kind, rows }) => ({ name, kind, selection: selections.indexOf(rows) }));
    const values = passReplicates(blocks, curves, resamples);
    for (const [c, { name }] of curves.entries()) found[name] = values[c]!;
  }
  return found;
}

/** Up to eight selections that have all rows are passed together, each other one alone. */
function countedTogether(wanted: readonly WantedCurve[], rows: number): readonly (readonly Selection[])[] {
  const selections = [...new Set(wanted.map((curve) => curve.rows))];
  const isWhole = ({ counted }: Selection): boolean =>
    counted.reduce((sum, count) => sum + count, 0) === rows;
  const whole = selections.filter(isWhole);
  const groups: (readonly Selection[])[] = selections.filter((rows) => !isWhole(rows)).map((rows) => [rows]);
  for (let start = 0; start < whole.length; start += MOST_SELECTIONS) {
    groups.push(whole.slice(start, start + MOST_SELECTIONS));
  }
  return groups;
}
