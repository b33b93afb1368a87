import { DomainError, pointerOf } from '../../domain/errors.ts';
import { formatGuardrail, type Guardrail } from '../../domain/guardrail.ts';
import type { MetricReadout, Readout } from '../../domain/readout.ts';
import { type Correction, criticalValue } from '../plan/critical-value.ts';
import { armMeans } from '../readouts/arm-means.ts';
import { unitsOf } from '../readouts/units-of.ts';
import { sequentialMultiplier } from './confidence-sequence.ts';
import {
  guardrailVerdict,
  slackOfLift,
  slackOfMeans,
  type Slack,
  type Verdict,
} from './guardrail-verdict.ts';
import { differences, type Lifts, relativeLifts, standardErrors } from './lifts.ts';
import { statedLifts } from './stated-lifts.ts';

export interface AnalysisSettings {
  readonly control: string;
  readonly guardrails: readonly Guardrail[];
  /** Of all arms together, in each metric. */
  readonly alpha: number;
  /** How the arms share α at the planned end; a sequence always splits it evenly. */
  readonly correction: Correction;
  /** Metrics that are compared by differences in their own units, such as those whose mean may be 0. */
  readonly differences: readonly string[];
  /** Units so far by units planned; null where the experiment ran to its planned end and this is the only look. */
  readonly informationFraction: number | null;
}

export interface ArmLift {
  readonly arm: string;
  /** By the metric's scale: a fraction of the control, or in the metric's units. */
  readonly lift: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
}

export interface MetricAnalysis {
  readonly metric: string;
  readonly kind: MetricReadout['kind'];
  readonly scale: 'relative' | 'difference';
  /** Standard errors to either side of the lifts. */
  readonly multiplier: number;
  readonly arms: readonly ArmLift[];
  readonly lifts: Lifts;
}

export interface GuardrailResult {
  readonly guardrail: string;
  readonly arm: string;
  readonly slack: Slack;
  readonly verdict: Verdict;
}

export interface ReadoutAnalysis {
  readonly intervals: 'one look' | 'sequential';
  readonly metrics: readonly MetricAnalysis[];
  /** Of each guardrail whose metric was read out, in each arm. */
  readonly guardrails: readonly GuardrailResult[];
}

/**
 * Lifts with intervals and the verdicts of the guardrails.
 *
 * Intervals of all arms of a metric hold together with probability 1 − α: ±m standard errors, m by `criticalValue` at the
 * planned end, by `sequentialMultiplier` at α/K before. Metrics are not corrected for each other.
 *
 * Throws `readout_invalid` as `relativeLifts`, `statedLifts`, `unitsOf` and `slackOfLift`, with the metric's place.
 */
export function analyseReadout({ metrics, units }: Readout, settings: AnalysisSettings): ReadoutAnalysis {
  const analysed = Object.entries(metrics).map(([metric, readout]) =>
    inMetric(metric, () => analyseMetric(metric, readout, units, settings)),
  );
  return {
    intervals: settings.informationFraction === null ? 'one look' : 'sequential',
    metrics: analysed,
    guardrails: settings.guardrails.flatMap((guardrail) => {
      const of = analysed.find(({ metric }) => metric === guardrail.metric);
      if (of === undefined) return [];
      return inMetric(of.metric, () =>
        guardrailResults(guardrail, metrics[guardrail.metric]!, of, settings.control),
      );
    }),
  };
}

function analyseMetric(
  metric: string,
  readout: MetricReadout,
  units: Readonly<Record<string, number>>,
  settings: AnalysisSettings,
): MetricAnalysis {
  const { control } = settings;
  const scale = settings.differences.includes(metric) ? 'difference' : 'relative';
  const lifts = liftsOf(readout, units, control, scale);
  const errors = standardErrors(lifts);
  const multiplier = multiplierOf(lifts.arms, units, settings);
  const arms = lifts.arms.map((arm, i): ArmLift => {
    const lift = lifts.estimates[i]!;
    const margin = multiplier * errors[i]!;
    return { arm, lift, standardError: errors[i]!, lower: lift - margin, upper: lift + margin };
  });
  return { metric, kind: readout.kind, scale, multiplier, arms, lifts };
}

function liftsOf(
  readout: MetricReadout,
  units: Readonly<Record<string, number>>,
  control: string,
  scale: MetricAnalysis['scale'],
): Lifts {
  const means = armMeans(readout);
  if (means !== undefined)
    return scale === 'relative' ? relativeLifts(means, control) : differences(means, control);
  if (scale === 'relative') return statedLifts(readout, units, control);
  throw new DomainError(
    'readout_invalid',
    'has lifts, of which there are no differences: expected means or sums',
  );
}

function multiplierOf(
  arms: readonly string[],
  units: Readonly<Record<string, number>>,
  { control, alpha, correction, informationFraction }: AnalysisSettings,
): number {
  if (informationFraction !== null) return sequentialMultiplier(alpha / arms.length, informationFraction);
  return criticalValue(
    correction,
    alpha,
    unitsOf(units, control),
    arms.map((arm) => unitsOf(units, arm)),
  );
}

function guardrailResults(
  guardrail: Guardrail,
  readout: MetricReadout,
  { arms, multiplier }: MetricAnalysis,
  control: string,
): readonly GuardrailResult[] {
  const means = new Map(armMeans(readout)?.map((mean) => [mean.arm, mean]));
  const ofControl = means.get(control);
  return arms.map(({ arm, lift, standardError }) => {
    const ofArm = means.get(arm);
    const slack =
      ofArm === undefined || ofControl === undefined
        ? slackOfLift(guardrail, lift, standardError)
        : slackOfMeans(guardrail, ofArm, ofControl);
    return {
      guardrail: formatGuardrail(guardrail),
      arm,
      slack,
      verdict: guardrailVerdict(slack, multiplier),
    };
  });
}

/** The same, with the metric as the place of an error. */
function inMetric<Result>(metric: string, analyse: () => Result): Result {
  try {
    return analyse();
  } catch (error) {
    throw error instanceof DomainError ? error.at({ pointer: pointerOf(['metrics', metric]) }) : error;
  }
}
