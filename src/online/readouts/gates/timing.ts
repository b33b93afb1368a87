import { instantOf, type Readout } from '../../../domain/readout.ts';
import type { Finding } from './finding.ts';

/** When a readout was read, and until when the experiment was planned to run, in ISO 8601. */
export interface ReadingTime {
  readonly readAt: string;
  readonly plannedEnd: string;
}

/**
 * Readouts before their time.
 *
 * Immature: read before the last units had their time to engage; delayed engagement is missing from all arms, and from those
 * most that delay it. Early: the window ends before the planned end; then only sequential intervals hold what they say.
 *
 * Throws RangeError where `readAt` or `plannedEnd` is no day or moment.
 */
export function timingFindings(
  { window, maturesAt = window.end }: Readout,
  { readAt, plannedEnd }: ReadingTime,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (instantOf(readAt) < instantOf(maturesAt)) {
    findings.push({
      gate: 'immature',
      severity: 'refuse',
      metric: null,
      arm: null,
      message: `was read on ${readAt}: expected after ${maturesAt}, when its engagement is complete`,
    });
  }
  if (isEarly({ window }, plannedEnd)) {
    findings.push({
      gate: 'early_look',
      severity: 'warn',
      metric: null,
      arm: null,
      message: `ends on ${window.end}, before the planned ${plannedEnd}: expected sequential intervals until then`,
    });
  }
  return findings;
}

/** Whether the window ends before the experiment was planned to. */
export function isEarly({ window }: Pick<Readout, 'window'>, plannedEnd: string): boolean {
  return instantOf(window.end) < instantOf(plannedEnd);
}
