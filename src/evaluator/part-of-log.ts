import { countLabels } from './calibration-report.ts';
import type { EngagementLog, HeadColumns } from './engagement-log.ts';

/**
 * The log of some of the requests, copied, in their order. Users keep their numbers; of the calibration the counts are the
 * part's, the fits those of the whole log.
 *
 * `kept` R, 1 for each request that stays.
 */
export function partOfLog(log: EngagementLog, kept: Uint8Array): EngagementLog {
  const requests = Int32Array.from(kept.keys()).filter((r) => kept[r] === 1);
  const requestOffsets = new Int32Array(new SharedArrayBuffer(4 * (requests.length + 1)));
  for (const [k, r] of requests.entries()) {
    requestOffsets[k + 1] = requestOffsets[k]! + log.requestOffsets[r + 1]! - log.requestOffsets[r]!;
  }
  const rows = requestOffsets[requests.length]!;
  const copy = <Column extends RowColumn>(column: Column, into: Column): Column => {
    for (const [k, r] of requests.entries()) {
      into.set(column.subarray(log.requestOffsets[r], log.requestOffsets[r + 1]), requestOffsets[k]!);
    }
    return into;
  };
  const numbers = (column: EngagementLog['weight']): EngagementLog['weight'] =>
    column && copy(column, new Float64Array(new SharedArrayBuffer(8 * rows)));
  const codes = (column: Int8Array<SharedArrayBuffer>): Int8Array<SharedArrayBuffer> =>
    copy(column, new Int8Array(new SharedArrayBuffer(rows)));
  const head = (given: HeadColumns): HeadColumns => {
    const label = codes(given.label);
    return {
      ...given,
      probability: numbers(given.probability)!,
      label,
      grade: given.grade && codes(given.grade),
      calibration: { ...given.calibration, ...countLabels(label, requestOffsets) },
    };
  };
  return {
    ...log,
    rows,
    requests: requests.length,
    requestOffsets,
    heads: log.heads.map(head),
    baselineScore: numbers(log.baselineScore),
    weight: numbers(log.weight),
    examination: numbers(log.examination),
    displayPropensity: numbers(log.displayPropensity),
    position: log.position && copy(log.position, new Int32Array(new SharedArrayBuffer(4 * rows))),
    userOfRequest: log.userOfRequest && gathered(log.userOfRequest, requests),
    timestampOfRequest: log.timestampOfRequest && gatheredTimes(log.timestampOfRequest, requests),
    segment: log.segment && { ...log.segment, code: codes(log.segment.code) },
  };
}

type RowColumn =
  Float64Array<SharedArrayBuffer> | Int32Array<SharedArrayBuffer> | Int8Array<SharedArrayBuffer>;

function gathered(values: Int32Array, requests: Int32Array): Int32Array<SharedArrayBuffer> {
  const found = new Int32Array(new SharedArrayBuffer(4 * requests.length));
  for (const [k, r] of requests.entries()) found[k] = values[r]!;
  return found;
}

function gatheredTimes(values: Float64Array, requests: Int32Array): Float64Array<SharedArrayBuffer> {
  const found = new Float64Array(new SharedArrayBuffer(8 * requests.length));
  for (const [k, r] of requests.entries()) found[k] = values[r]!;
  return found;
}
