import type { SqlDialect } from './sql-dialect.ts';
import type { UtilityBins } from './utility-bins.ts';

/** A weight vector, as the columns x0, x1, … of the rows are added up by it, and the bins of its utility. */
export interface BinnedOrdering {
  readonly coefficients: readonly number[];
  readonly bins: UtilityBins;
}

/** The relation that a histogram is taken of. */
export interface HistogramRows {
  /** `(SELECT …)`, with columns x0, x1, … of double precision, labels y0, y1, … of 1, 0 or null, and w where rows have weights. */
  readonly sql: string;
  readonly labels: number;
  readonly weighted: boolean;
}

/**
 * The statement that counts a log's rows and positives by weight vector and bin of utility, all vectors in one scan.
 *
 * Gives a row a vector and bin that is not empty, all columns of double precision: the vector's number, the bin, and of each
 * label the rows that have one and the positives among them; with weights, the summed weights of negatives and of positives.
 *
 * u = c0·x0 + c1·x1 + … is added in the order of the columns, as it is in memory, to the same bits.
 */
export function histogramStatement(
  { sql, labels, weighted }: HistogramRows,
  orderings: readonly BinnedOrdering[],
  { double, toDouble, clamp }: SqlDialect,
): string {
  const columns = orderings[0]!.coefficients.map((_, j) => `c${j}`);
  const vectors = orderings.map(
    ({ coefficients, bins }, k) =>
      `(${[String(k), ...[...coefficients, bins.lowest, bins.scale].map(double)].join(', ')})`,
  );
  const { count } = orderings[0]!.bins;
  const utility = columns.map((c, j) => `vectors.${c} * r.x${j}`).join(' + ');
  const bin = clamp(`floor((${utility} - vectors.lowest) * vectors.scale)`, 0, count - 1);
  const labelled = Array.from({ length: labels }, (_, s) => `y${s}`);
  const sums = labelled.flatMap((y) =>
    weighted
      ? [`coalesce(sum(w * (1 - ${y})), 0)`, `coalesce(sum(w * ${y}), 0)`]
      : [`count(${y})`, `coalesce(sum(${y}), 0)`],
  );
  const kept = [...labelled, ...(weighted ? ['w'] : [])].map((column) => `r.${column}`);
  return [
    `WITH vectors (vector, ${columns.join(', ')}, lowest, scale) AS (VALUES ${vectors.join(', ')})`,
    `SELECT ${['vector', 'bin', ...sums].map(toDouble).join(', ')}`,
    `FROM (SELECT vectors.vector AS vector, ${bin} AS bin, ${kept.join(', ')} FROM ${sql} AS r CROSS JOIN vectors) AS binned`,
    'GROUP BY vector, bin',
  ].join('\n');
}
