import { DomainError } from '../../domain/errors.ts';
import type { LogMetric } from '../../domain/metric.ts';
import type { EngagementLog } from '../engagement-log.ts';
import type { Selection } from '../selection.ts';
import type { LoggedPlaces } from './match-weights.ts';

/** Places that a message names. */
const MOST_SHOWN = 8;

/** The places and propensities of a log. Throws a `RangeError` where it was read without them. */
export function loggedPlaces({ position, displayPropensity }: EngagementLog): LoggedPlaces {
  if (position === undefined || displayPropensity === undefined)
    throw new RangeError('the log was read without places or display propensities');
  return { position, displayPropensity };
}

/**
 * Throws `log_invalid` where a log cannot tell what another ranking would have seen: a request does not have the places 1 to its
 * number of rows, each once, which are what ranks are compared with; or production was certain to show every row where it did.
 */
export function checkLoggedPlaces(log: EngagementLog): void {
  const { position, displayPropensity } = loggedPlaces(log);
  const found = irregularRequests(log, position);
  if (found !== undefined) {
    throw new DomainError(
      'log_invalid',
      `${found.requests} of ${log.requests} requests have other places than 1 to their number of rows, each once ` +
        `(the first: ${found.first}): expected the place of each row among those of its request`,
    );
  }
  if (displayPropensity.every((p) => p === 1)) {
    throw new DomainError(
      'log_invalid',
      'every display propensity is 1, so production never showed another ranking: ' +
        'expected a log of a randomised ranking, or metrics without ips and snips',
    );
  }
}

/** How many requests do not have the places 1 to n, each once, and those of the first of them. */
export function irregularRequests(
  { requests, requestOffsets }: Pick<EngagementLog, 'requests' | 'requestOffsets'>,
  position: Int32Array,
): { readonly requests: number; readonly first: string } | undefined {
  let count = 0;
  let first: string | undefined;
  /** The last request, from 1, that has the place. */
  const seenIn = new Uint32Array(1 + longestOf(requestOffsets));
  for (let r = 0; r < requests; r++) {
    const [from, to] = [requestOffsets[r]!, requestOffsets[r + 1]!];
    let isRegular = true;
    for (let i = from; i < to && isRegular; i++) {
      const place = position[i]!;
      isRegular = place <= to - from && seenIn[place] !== r + 1;
      if (isRegular) seenIn[place] = r + 1;
    }
    if (isRegular) continue;
    count++;
    first ??= placesText(position.subarray(from, to));
  }
  return first === undefined ? undefined : { requests: count, first };
}

function longestOf(requestOffsets: Int32Array): number {
  let longest = 0;
  for (let r = 1; r < requestOffsets.length; r++) {
    longest = Math.max(longest, requestOffsets[r]! - requestOffsets[r - 1]!);
  }
  return longest;
}

function placesText(places: Int32Array): string {
  const sorted = places.slice().sort();
  const shown = sorted.subarray(0, MOST_SHOWN).join(', ');
  return sorted.length > MOST_SHOWN ? `${shown}, …` : shown;
}

/** Throws `log_invalid` for a metric of a segment that varies inside a request, whose rows took their places among all. */
export function checkSegment(
  { segment: column, requests }: EngagementLog,
  metric: LogMetric,
  rows: Selection,
): void {
  if (metric.segment === undefined || column === undefined) return;
  const { names, code } = column;
  const segment = names.indexOf(metric.segment);
  const { requestOffsets, counted } = rows;
  let mixed = 0;
  for (let r = 0; r < requests; r++) {
    if (counted[r] === 0) continue;
    const to = requestOffsets[r + 1]!;
    let i = requestOffsets[r]!;
    while (i < to && code[i] === segment) i++;
    if (i < to) mixed++;
  }
  if (mixed === 0) return;
  throw new DomainError(
    'log_invalid',
    `metric ${metric.name} is of a segment that varies inside ${mixed} of ${requests} requests, whose rows were shown among all others: ` +
      'expected a segment of whole requests',
  );
}
