import { BARE_COLUMNS } from '../bare-columns.ts';
import { randomStream } from '../../math/random.ts';
import type { EngagementLog, HeadColumns } from '../../src/evaluator/engagement-log.ts';

/** Heads of the generated log with their base rates; hide is a negative one. */
export const BASE_RATES = { click: 0.1, long_click: 0.05, save: 0.02, hide: 0.005 } as const;
export const HEADS = Object.keys(BASE_RATES) as readonly (keyof typeof BASE_RATES)[];

/** Rows of every request: `ndcg_score` takes a matrix. */
export const REQUEST_LENGTH = 20;

/** Variance of a head's logit that all heads share, by row; the other half is its own. */
const LOGIT_VARIANCE = 1;
const SHARED = Math.sqrt(LOGIT_VARIANCE / 2);

/**
 * A log in memory: logits of scores are normal with one component that heads share (with the other sign for hide), labels are
 * drawn with the scores as their probabilities, so scores are calibrated and skewed. No two utilities are equal but by chance.
 */
export function generatedImpressions(rows: number, seed: number): EngagementLog {
  const stream = randomStream(seed, 'impressions');
  const heads = HEADS.map((name): HeadColumns => ({
    name,
    sign: name === 'hide' ? -1 : 1,
    probability: new Float64Array(new SharedArrayBuffer(8 * rows)),
    label: new Int8Array(new SharedArrayBuffer(rows)),
    grade: undefined,
    calibration: {} as HeadColumns['calibration'],
  }));
  const centres = HEADS.map((name) => logit(BASE_RATES[name]) - MEAN_SHIFT * LOGIT_VARIANCE);
  for (let i = 0; i < rows; i++) {
    const common = SHARED * stream.normal();
    for (let t = 0; t < heads.length; t++) {
      const { probability, label, sign } = heads[t]!;
      const p = 1 / (1 + Math.exp(-(centres[t]! + sign * common + SHARED * stream.normal())));
      probability[i] = p;
      label[i] = stream.uniform() < p ? 1 : 0;
    }
  }
  return logOf(rows, heads);
}

/** Its first rows, without a copy. */
export function firstRows(log: EngagementLog, rows: number): EngagementLog {
  const heads = log.heads.map((head) => ({
    ...head,
    probability: head.probability.subarray(0, rows),
    label: head.label.subarray(0, rows),
  }));
  return logOf(rows, heads);
}

/** Brings the mean of the scores back near the base rate: half the variance for rare heads, less for others. */
const MEAN_SHIFT = 0.45;

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function logOf(rows: number, heads: readonly HeadColumns[]): EngagementLog {
  const requests = rows / REQUEST_LENGTH;
  const requestOffsets = new Int32Array(new SharedArrayBuffer(4 * (requests + 1)));
  for (let r = 0; r <= requests; r++) requestOffsets[r] = r * REQUEST_LENGTH;
  return {
    ...BARE_COLUMNS,
    rows,
    requests,
    droppedRows: 0,
    requestOffsets,
    heads,
  };
}
