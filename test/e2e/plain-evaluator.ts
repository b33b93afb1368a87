import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A log of impressions as columns, read without any of the product's code. */
export interface PlainLog {
  readonly request: readonly string[];
  /** By head: calibrated probabilities, and labels with NaN where missing. */
  readonly probability: Readonly<Record<string, Float64Array>>;
  readonly label: Readonly<Record<string, Float64Array>>;
}

const NEGATIVE_KEEP_RATE = 0.1;

/** Reads a gzipped CSV with the columns request_id, score_HEAD and label_HEAD. */
export function readPlainLog(path: string, heads: readonly string[]): PlainLog {
  const [header, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  const names = header!.split(',');
  const rows = lines.map((line) => line.split(','));
  const column = (name: string): readonly string[] => rows.map((row) => row[names.indexOf(name)]!);
  const byHead = (of: (head: string) => Float64Array): Readonly<Record<string, Float64Array>> =>
    Object.fromEntries(heads.map((head) => [head, of(head)]));
  return {
    request: column('request_id'),
    probability: byHead((head) => Float64Array.from(column(`score_${head}`), (s) => calibrated(Number(s)))),
    label: byHead((head) => Float64Array.from(column(`label_${head}`), (y) => (y === '' ? NaN : Number(y)))),
  };
}

/** p = βs/(βs − s + 1). */
function calibrated(s: number): number {
  return (NEGATIVE_KEEP_RATE * s) / (NEGATIVE_KEEP_RATE * s - s + 1);
}

/** u = Σ_t w_t p_t. */
export function plainUtility(log: PlainLog, weights: Readonly<Record<string, number>>): Float64Array {
  return Float64Array.from(log.request, (_, i) =>
    Object.entries(weights).reduce((u, [head, w]) => u + w * log.probability[head]![i]!, 0),
  );
}

/** Σ_n (R_n − R_{n−1}) P_n over the distinct scores from above, of the rows that have a label. */
export function plainAveragePrecision(log: PlainLog, utility: Float64Array, head: string): number {
  const label = log.label[head]!;
  const byScore = new Map<number, { rows: number; positives: number }>();
  for (const [i, u] of utility.entries()) {
    if (Number.isNaN(label[i]!)) continue;
    const at = byScore.get(u) ?? { rows: 0, positives: 0 };
    byScore.set(u, { rows: at.rows + 1, positives: at.positives + label[i]! });
  }
  const scores = [...byScore.keys()].sort((a, b) => b - a);
  const allPositives = scores.reduce((sum, score) => sum + byScore.get(score)!.positives, 0);
  let rows = 0;
  let positives = 0;
  let previousRecall = 0;
  let sum = 0;
  for (const score of scores) {
    rows += byScore.get(score)!.rows;
    positives += byScore.get(score)!.positives;
    const recall = positives / allPositives;
    sum += (recall - previousRecall) * (positives / rows);
    previousRecall = recall;
  }
  return sum;
}

/** NDCG@k with linear gain, a tied row's gain shared by the places of its ties; the mean over requests with a positive. */
export function plainNdcg(log: PlainLog, utility: Float64Array, head: string, k: number): number {
  const requests = new Map<string, { u: number; y: number }[]>();
  for (const [i, u] of utility.entries()) {
    const y = log.label[head]![i]!;
    if (Number.isNaN(y)) continue;
    const rows = requests.get(log.request[i]!);
    if (rows === undefined) requests.set(log.request[i]!, [{ u, y }]);
    else rows.push({ u, y });
  }
  const values: number[] = [];
  for (const rows of requests.values()) {
    const ideal = dcg(
      rows.map(({ y }) => y).sort((a, b) => b - a),
      k,
    );
    if (ideal === 0) continue;
    const ranked = rows.toSorted((a, b) => b.u - a.u);
    const shared = ranked.map(({ u }) => {
      const tied = rows.filter((other) => other.u === u);
      return tied.reduce((sum, { y }) => sum + y, 0) / tied.length;
    });
    values.push(dcg(shared, k) / ideal);
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dcg(gains: readonly number[], k: number): number {
  return gains.slice(0, k).reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
}
