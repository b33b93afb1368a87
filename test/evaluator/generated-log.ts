import { BARE_COLUMNS } from '../../bench/bare-columns.ts';
import type { Random } from '../../math/random.ts';
import { countLabels } from '../../src/evaluator/calibration-report.ts';
import type { EngagementLog, HeadColumns } from '../../src/evaluator/engagement-log.ts';

export interface GeneratedLogOptions {
  readonly users: number;
  readonly requestsPerUser: number;
  readonly rowsPerRequest: number;
  /** Scores are rounded to so many levels, so that utilities tie; 0 leaves them alone. */
  readonly levels: number;
  readonly weighted: boolean;
  /** How much users differ, in logits: rows of a user are alike. */
  readonly spread?: number;
}

/** A log of two heads whose labels follow its scores, with users, ties, missing labels and weights as asked for. */
export function generatedLog(random: Random, options: GeneratedLogOptions): EngagementLog {
  const { users, requestsPerUser, rowsPerRequest, levels, weighted, spread = 1 } = options;
  const requestOffsets = [0];
  const userOfRequest: number[] = [];
  const columns = [0, 1].map(() => ({ score: [] as number[], label: [] as number[] }));
  for (let user = 0; user < users; user++) {
    const taste = spread * random.normal();
    const requests = 1 + Math.floor(random.uniform() * (2 * requestsPerUser - 1));
    for (let r = 0; r < requests; r++) {
      userOfRequest.push(user);
      const rows = 1 + Math.floor(random.uniform() * (2 * rowsPerRequest - 1));
      for (let i = 0; i < rows; i++) {
        const appeal = random.normal();
        for (const [t, column] of columns.entries()) {
          const score = logistic(appeal + random.normal() - 1 - t);
          const p = logistic(appeal + taste + 0.5 * random.normal() - 1.5 - t);
          column.score.push(levels === 0 ? score : Math.round(score * levels) / levels);
          column.label.push(random.uniform() < 0.1 ? -1 : random.uniform() < p ? 1 : 0);
        }
      }
      requestOffsets.push(columns[0]!.score.length);
    }
  }
  const rows = columns[0]!.score.length;
  const offsets = int32(requestOffsets);
  return {
    ...BARE_COLUMNS,
    rows,
    requests: userOfRequest.length,
    droppedRows: 0,
    requestOffsets: offsets,
    heads: columns.map(({ score, label }, t) =>
      headColumns(t === 0 ? 'click' : 'save', score, label, offsets),
    ),
    weight: weighted
      ? float64(Array.from({ length: rows }, () => Math.floor(random.uniform() * 4) / 2))
      : undefined,
    examination: float64(Array.from({ length: rows }, () => 0.25 + 0.75 * random.uniform())),
    displayPropensity: float64(Array.from({ length: rows }, () => 0.1 + 0.9 * random.uniform())),
    position: int32(randomPlaces(random, requestOffsets)),
    userOfRequest: int32(userOfRequest),
  };
}

/** The places 1 to n of each request in a random order. */
export function randomPlaces(random: Random, requestOffsets: readonly number[]): readonly number[] {
  return requestOffsets.slice(1).flatMap((to, r) => {
    const keys = Array.from({ length: to - requestOffsets[r]! }, () => random.uniform());
    return keys.map((key) => keys.filter((other) => other <= key).length);
  });
}

function headColumns(
  name: string,
  score: readonly number[],
  labels: readonly number[],
  requestOffsets: Int32Array,
): HeadColumns {
  const label = int8(labels);
  return {
    name,
    sign: 1,
    probability: float64(score),
    label,
    grade: undefined,
    calibration: {
      negativeKeepRate: 1,
      ...countLabels(label, requestOffsets),
      baseRate: undefined,
      before: undefined,
      after: undefined,
    },
  };
}

function int8(values: ArrayLike<number>): Int8Array<SharedArrayBuffer> {
  const array = new Int8Array(new SharedArrayBuffer(values.length));
  array.set(values);
  return array;
}

function int32(values: ArrayLike<number>): Int32Array<SharedArrayBuffer> {
  const array = new Int32Array(new SharedArrayBuffer(4 * values.length));
  array.set(values);
  return array;
}

function float64(values: ArrayLike<number>): Float64Array<SharedArrayBuffer> {
  const array = new Float64Array(new SharedArrayBuffer(8 * values.length));
  array.set(values);
  return array;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The log with the rows of each unit weighed `factorOf` times as much. */
export function reweighted(log: EngagementLog, factorOf: (user: number) => number): EngagementLog {
  const weight = float64(new Float64Array(log.rows));
  for (let r = 0; r < log.requests; r++) {
    const factor = factorOf(log.userOfRequest?.[r] ?? r);
    for (let i = log.requestOffsets[r]!; i < log.requestOffsets[r + 1]!; i++) {
      weight[i] = (log.weight?.[i] ?? 1) * factor;
    }
  }
  return { ...log, weight };
}

/** The log with each request, all its rows, as often as `timesOf` its user says: a resample drawn naively. */
export function repeated(log: EngagementLog, timesOf: (user: number) => number): EngagementLog {
  const offsets = [0];
  const kept: number[] = [];
  for (let r = 0; r < log.requests; r++) {
    for (let time = timesOf(log.userOfRequest?.[r] ?? r); time > 0; time--) {
      for (let i = log.requestOffsets[r]!; i < log.requestOffsets[r + 1]!; i++) kept.push(i);
      offsets.push(kept.length);
    }
  }
  const requestOffsets = int32(offsets);
  return {
    ...log,
    rows: kept.length,
    requests: offsets.length - 1,
    requestOffsets,
    heads: log.heads.map((head) => ({
      ...head,
      probability: float64(kept.map((i) => head.probability[i]!)),
      label: int8(kept.map((i) => head.label[i]!)),
    })),
    weight: log.weight && float64(kept.map((i) => log.weight![i]!)),
    examination: log.examination && float64(kept.map((i) => log.examination![i]!)),
    displayPropensity: log.displayPropensity && float64(kept.map((i) => log.displayPropensity![i]!)),
    position: log.position && int32(kept.map((i) => log.position![i]!)),
    userOfRequest: undefined,
  };
}
