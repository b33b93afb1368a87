import type { DuckDBConnection } from '@duckdb/node-api';
import {
  addExactly,
  addProductExactly,
  clearExactSum,
  createExactSum,
  type ExactSum,
  roundedSum,
} from '../../../math/exact-sum.ts';
import type { MeasuredSums } from '../../domain/readout.ts';
import { float64Items, int8Items } from '../log/chunk-items.ts';
import { quoteString } from '../log/sql-text.ts';
import { type MetricColumns, USERS } from './user-columns.ts';

/** The sums of one arm: how many units, and of each metric. */
export interface ArmSums {
  readonly n: number;
  /** In the order of the metrics. */
  readonly metrics: readonly MeasuredSums[];
  /** Units whose count of a propensity was above 1, by metric. */
  readonly several: readonly number[];
  /** Σ y_a y_b of the pairs (a, b) of metrics, a < b, in the order of `pairsOf`. */
  readonly products: readonly number[];
}

/** All pairs of so many metrics, by index. */
export function pairsOf(metrics: number): readonly (readonly [number, number])[] {
  return Array.from({ length: metrics }, (_, a) =>
    Array.from({ length: metrics - a - 1 }, (_, k) => [a, a + k + 1] as const),
  ).flat();
}

/** How a metric is summed. */
export interface SummedMetric extends MetricColumns {
  readonly isPropensity: boolean;
}

interface Accumulator {
  readonly y: ExactSum;
  readonly yy: ExactSum;
  readonly x: ExactSum;
  readonly xx: ExactSum;
  readonly xy: ExactSum;
  several: number;
}

/**
 * The sums over units of each arm: n, Σy, Σy² and, with a covariate, Σx, Σx², Σxy, and Σ y_a y_b of pairs of metrics, each rounded once.
 *
 * y is the sum of a unit's rows, rounded once; of a propensity 1 where that is above 0, else 0. x is what all rows of a
 * unit say. With `grouped`, rows of equal `unit` are of one; else each is of its own. Results do not depend on the order of rows.
 */
export async function unitSums(
  connection: DuckDBConnection,
  arms: readonly string[],
  metrics: readonly SummedMetric[],
  columns: number,
  grouped: boolean,
): Promise<readonly ArmSums[]> {
  const places = `list_position([${arms.map(quoteString).join(', ')}]::VARCHAR[], arm) - 1`;
  const numbers = Array.from({ length: columns }, (_, i) => `n${i}`);
  const unit = grouped ? 'CAST(rank() OVER (ORDER BY unit) AS DOUBLE)' : 'CAST(rowid AS DOUBLE)';
  const selected = [`CAST(${places} AS TINYINT) AS place`, `${unit} AS unit_rank`, ...numbers];
  const order = grouped ? ' ORDER BY unit_rank' : '';
  const result = await connection.stream(`SELECT ${selected.join(', ')} FROM ${USERS}${order}`);

  const counts = new Float64Array(arms.length);
  const accumulators = arms.map(() => metrics.map(createAccumulator));
  const pairs = pairsOf(metrics.length);
  const products = arms.map(() => pairs.map(createExactSum));
  const ofUnit = new Float64Array(metrics.length);
  const totals = numbers.map(createExactSum);
  const values = new Float64Array(columns);
  let last = NaN;
  let arm = -1;
  const finish = (): void => {
    if (arm < 0) return;
    counts[arm]! += 1;
    for (let m = 0; m < metrics.length; m++) {
      ofUnit[m] = addUnit(accumulators[arm]![m]!, metrics[m]!, totals, values);
    }
    const sums = products[arm]!;
    for (let p = 0; p < pairs.length; p++) {
      addProductExactly(sums[p]!, ofUnit[pairs[p]![0]]!, ofUnit[pairs[p]![1]]!);
    }
  };
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const place = int8Items(chunk, 0);
    const rank = float64Items(chunk, 1);
    const items = numbers.map((_, i) => float64Items(chunk, i + 2));
    for (let row = 0; row < chunk.rowCount; row++) {
      if (rank[row] !== last) {
        finish();
        last = rank[row]!;
        arm = place[row]!;
        for (let i = 0; i < columns; i++) clearExactSum(totals[i]!);
      }
      for (let i = 0; i < columns; i++) {
        values[i] = items[i]![row]!;
        addExactly(totals[i]!, values[i]!);
      }
    }
  }
  finish();
  return accumulators.map((ofArm, a) => ({
    n: counts[a]!,
    metrics: ofArm.map((sums, m) => measuredSums(counts[a]!, sums, metrics[m]!)),
    several: ofArm.map(({ several }) => several),
    products: products[a]!.map(roundedSum),
  }));
}

function createAccumulator(): Accumulator {
  return {
    y: createExactSum(),
    yy: createExactSum(),
    x: createExactSum(),
    xx: createExactSum(),
    xy: createExactSum(),
    several: 0,
  };
}

/** Adds a unit and returns its y; `totals` of its columns over its rows, `values` of its last row. */
function addUnit(
  to: Accumulator,
  { y: yColumn, x: xColumn, isPropensity }: SummedMetric,
  totals: readonly ExactSum[],
  values: Float64Array,
): number {
  const total = roundedSum(totals[yColumn]!);
  const y = isPropensity ? Number(total > 0) : total;
  if (isPropensity && total > 1) to.several++;
  addExactly(to.y, y);
  addProductExactly(to.yy, y, y);
  if (xColumn === undefined) return y;
  const x = values[xColumn]!;
  addExactly(to.x, x);
  addProductExactly(to.xx, x, x);
  addProductExactly(to.xy, x, y);
  return y;
}

function measuredSums(n: number, { y, yy, x, xx, xy }: Accumulator, metric: SummedMetric): MeasuredSums {
  const sums = { n, sum: roundedSum(y), sumOfSquares: roundedSum(yy) };
  if (metric.x === undefined) return sums;
  const covariate = { sum: roundedSum(x), sumOfSquares: roundedSum(xx), sumOfProducts: roundedSum(xy) };
  return { ...sums, covariate };
}
