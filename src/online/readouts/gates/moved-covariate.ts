import { chiSquareSurvival } from '../../../../math/chi-square.ts';
import type { Measurement, MetricReadout } from '../../../domain/readout.ts';
import { centredSums, SQUARES_ROUNDING } from '../centred-sums.ts';
import type { Finding } from './finding.ts';

/** Of all comparisons of a readout together: one sound readout in a thousand is refused. */
export const COVARIATE_LEVEL = 0.001;

/** Of means that are far apart p is 0 as a floating-point number. */
const SMALLEST_SHOWN_P = 1e-300;

/**
 * Covariates whose means differ between an arm and the control beyond chance: what was before the experiment cannot be moved by it, and
 * CUPED would take the effect away with the covariate.
 *
 * z = (x̄_a − x̄_0)/√(s²_a/n_a + s²_0/n_0), s² = S_xx/(n − 1), p = 2Φ(−|z|); refused where p < 0.001/m, m comparisons in all: metrics with a
 * covariate times arms beside the control (Bonferroni), so that a sound readout is refused with
 * probability 0.001 at most.
 *
 * Metrics in means or lifts, and those without the control, have nothing to compare. That covariates must be of the time before: Deng, Xu,
 * Kohavi & Walker 2013, WSDM (doi 10.1145/2433396.2433413).
 */
export function movedCovariateFindings(
  metrics: Readonly<Record<string, MetricReadout>>,
  control: string,
): readonly Finding[] {
  const compared = Object.entries(metrics).flatMap(([metric, { arms }]) => {
    const ofControl = covariateOf(arms[control]);
    if (ofControl === undefined) return [];
    return Object.entries(arms).flatMap(([arm, measurement]) => {
      const ofArm = arm === control ? undefined : covariateOf(measurement);
      return ofArm === undefined ? [] : [{ metric, arm, ofArm, ofControl }];
    });
  });
  const least = COVARIATE_LEVEL / compared.length;
  return compared.flatMap(({ metric, arm, ofArm, ofControl }): readonly Finding[] => {
    const z = (ofArm.mean - ofControl.mean) / Math.sqrt(ofArm.variance + ofControl.variance);
    // Constants that are all 0 have nothing to differ.
    const p = ofArm.mean === ofControl.mean ? 1 : chiSquareSurvival(z * z, 1);
    if (p >= least) return [];
    const shown = p < SMALLEST_SHOWN_P ? `< ${SMALLEST_SHOWN_P}` : `= ${p.toPrecision(2)}`;
    const message =
      `has a covariate with a mean of ${shortNumber(ofArm.mean)}, and ${control} has ${shortNumber(ofControl.mean)}, p ${shown}: ` +
      `expected p of at least ${Number(least.toPrecision(2))}, as a covariate of the time before the experiment cannot be moved by it`;
    return [{ gate: 'moved_covariate', severity: 'refuse', metric, arm, message }];
  });
}

function covariateOf(
  measurement: Measurement | undefined,
): { readonly mean: number; readonly variance: number } | undefined {
  if (measurement === undefined || !('sum' in measurement)) return undefined;
  const { n, covariate } = centredSums(measurement);
  if (covariate === null) return undefined;
  const { mean } = covariate;
  const rounding = SQUARES_ROUNDING * measurement.covariate!.sumOfSquares;
  return { mean, variance: (covariate.squares + rounding) / ((n - 1) * n) };
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(5)));
}
