import { type DomainError, inputError, pointerOf } from '../../domain/errors.ts';
import type { Readout } from '../../domain/readout.ts';
import type { Finding, Gate, PlannedArms } from './gates/finding.ts';
import { impossibleSemFindings } from './gates/impossible-sem.ts';
import { missingArmsFindings } from './gates/missing-arms.ts';
import { type EarlierMetric, mixedUnitsFindings } from './gates/mixed-units.ts';
import { movedCovariateFindings } from './gates/moved-covariate.ts';
import { sampleRatioFindings } from './gates/sample-ratio.ts';
import { type ReadingTime, timingFindings } from './gates/timing.ts';

/**
 * Everything that the gates find in a readout, refusals first.
 *
 * `earlier` has what was known of each metric before.
 */
export function checkReadout(
  readout: Readout,
  planned: PlannedArms,
  time: ReadingTime,
  earlier: Readonly<Record<string, EarlierMetric>> = {},
): readonly Finding[] {
  const { units, metrics } = readout;
  const findings = [
    ...missingArmsFindings(readout, planned),
    ...sampleRatioFindings(units, planned),
    ...Object.entries(metrics).flatMap(([metric, measured]) => [
      ...mixedUnitsFindings(metric, measured, units, planned.control, earlier[metric] ?? null),
      ...impossibleSemFindings(metric, measured, units, planned.control),
    ]),
    ...movedCovariateFindings(metrics, planned.control),
    ...timingFindings(readout, time),
  ];
  return [
    ...findings.filter(({ severity }) => severity === 'refuse'),
    ...findings.filter(({ severity }) => severity === 'warn'),
  ];
}

/** The refusals of gates that nobody forces. */
export function standingRefusals(findings: readonly Finding[], forced: readonly Gate[]): readonly Finding[] {
  return findings.filter(({ gate, severity }) => severity === 'refuse' && !forced.includes(gate));
}

/** The error of a readout with standing refusals, at least one: each of them, and where it lies. */
export function readoutError(refusals: readonly Finding[]): DomainError {
  return inputError(
    'readout_invalid',
    refusals.map(({ gate, metric, arm, message }) => ({
      pointer: pointerOf([
        ...(metric === null ? [] : ['metrics', metric]),
        ...(arm === null ? [] : [metric === null ? 'units' : 'arms', arm]),
      ]),
      detail: `${message} (gate ${gate})`,
    })),
  );
}
