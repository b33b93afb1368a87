import type { EngagementLog } from './engagement-log.ts';

/** What is drawn independently of all else: users, or requests where the log has no users. */
export interface Units {
  readonly kind: 'user' | 'request';
  readonly count: number;
  /** R: the unit of each request, 0 … count − 1. */
  readonly ofRequest: Int32Array;
  /** n: the unit of each row. */
  readonly ofRow: Int32Array;
}

/** The units of a log: its users where they are read, else its requests. */
export function unitsOf(
  log: Pick<EngagementLog, 'rows' | 'requests' | 'requestOffsets' | 'userOfRequest'>,
): Units {
  const { rows, requests, requestOffsets, userOfRequest } = log;
  const ofRequest = userOfRequest ?? Int32Array.from({ length: requests }, (_, r) => r);
  const ofRow = new Int32Array(new SharedArrayBuffer(4 * rows));
  let count = 0;
  for (let r = 0; r < requests; r++) {
    const unit = ofRequest[r]!;
    count = Math.max(count, unit + 1);
    ofRow.fill(unit, requestOffsets[r], requestOffsets[r + 1]);
  }
  return { kind: userOfRequest === undefined ? 'request' : 'user', count, ofRequest, ofRow };
}
