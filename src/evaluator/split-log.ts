import { DomainError } from '../domain/errors.ts';
import type { Holdout } from '../domain/holdout.ts';
import type { EngagementLog } from './engagement-log.ts';
import { partOfLog } from './part-of-log.ts';
import { unitHash } from './unit-hash.ts';

/** Apart from the replicates of a bootstrap, which count from 0. */
const HOLDOUT_STREAM = 0x40000000;

export interface SplitLog {
  /** What the trials are scored on. */
  readonly tune: EngagementLog;
  readonly holdout: EngagementLog;
  readonly by: NonNullable<Holdout['by']>;
}

/**
 * Splits a log into a part to tune on and one that is held out, requests whole.
 *
 * By user (the default where the log has users) or request: each is held out where a hash of it and the seed says so, with
 * probability `share`. By time: the last `share` of the requests, with those of the same moment as the first of them.
 * Throws `log_invalid` where a part is left without requests, RangeError where the log was read without what it is split by.
 */
export function splitLog(log: EngagementLog, holdout: Holdout, seed: number): SplitLog {
  const { held, by } = heldOutRequests(log, holdout, seed);
  return {
    tune: partOfLog(
      log,
      held.map((each) => 1 - each),
    ),
    holdout: partOfLog(log, held),
    by,
  };
}

/** What tells the requests of a log apart. */
export type SplitColumns = Pick<EngagementLog, 'requests' | 'userOfRequest' | 'timestampOfRequest'>;

/** The requests that `splitLog` holds out: 1 for those, 0 for the others. Errors as there. */
export function heldOutRequests(
  log: SplitColumns,
  { share, by }: Holdout,
  seed: number,
): { readonly held: Uint8Array; readonly by: SplitLog['by'] } {
  const kind = by ?? (log.userOfRequest === undefined ? 'request' : 'user');
  const held = kind === 'time' ? lastRequests(log, share) : drawnRequests(log, kind, share, seed);
  const count = held.reduce((sum, each) => sum + each, 0);
  if (count === 0 || count === log.requests) {
    const left = count === 0 ? 'no request' : 'every request';
    throw new DomainError(
      'log_invalid',
      `a hold-out of ${share} by ${kind} takes ${left} of ${log.requests}: expected some in both parts`,
    );
  }
  return { held, by: kind };
}

/** Labels with those of held-out requests missing, for what is fitted to a log. */
export function tuneLabels(label: Int8Array, requestOffsets: Int32Array, held: Uint8Array): Int8Array {
  const kept = label.slice();
  for (let r = 0; r < held.length; r++) {
    if (held[r] === 1) kept.fill(-1, requestOffsets[r]!, requestOffsets[r + 1]!);
  }
  return kept;
}

function drawnRequests(
  { requests, userOfRequest }: SplitColumns,
  kind: 'user' | 'request',
  share: number,
  seed: number,
): Uint8Array {
  if (kind === 'user' && userOfRequest === undefined)
    throw new RangeError('the log was read without its users');
  const limit = share * 2 ** 32;
  return Uint8Array.from({ length: requests }, (_, r) => {
    const unit = kind === 'user' ? userOfRequest![r]! : r;
    return unitHash(seed, unit, HOLDOUT_STREAM) < limit ? 1 : 0;
  });
}

function lastRequests({ requests, timestampOfRequest }: SplitColumns, share: number): Uint8Array {
  if (timestampOfRequest === undefined) throw new RangeError('the log was read without its timestamps');
  const sorted = Float64Array.from(timestampOfRequest).sort();
  const from = sorted[Math.max(0, Math.ceil((1 - share) * requests))] ?? Infinity;
  return Uint8Array.from(timestampOfRequest, (time) => (time >= from ? 1 : 0));
}
