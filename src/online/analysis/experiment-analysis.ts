import { posteriorSamples } from '../../../gp/posterior-samples.ts';
import { randomStream } from '../../../math/random.ts';
import { DomainError, pointerOf } from '../../domain/errors.ts';
import { BASELINE_ARM } from '../../domain/experiment.ts';
import type { OnlineDefinition } from '../../domain/online.ts';
import type { MetricReadout, Readout } from '../../domain/readout.ts';
import type { Correction } from '../plan/critical-value.ts';
import { metricMeans } from '../readouts/metric-means.ts';
import { analyseReadout, type MetricAnalysis, type ReadoutAnalysis } from './analyse-readout.ts';
import { armProbabilities, posteriorOfLifts } from './arm-probabilities.ts';
import { LARGEST_VARIATION } from './lifts.ts';
import { FEWEST_ARMS, shrunkMeans } from './shrinkage.ts';

/** Draws of what one readout says alone: standard errors of probabilities under 0.008. */
const DRAWS = 4096;

export interface ExperimentAnalysisSettings {
  readonly alpha: number;
  readonly correction: Correction;
  /** As in `AnalysisSettings`. */
  readonly informationFraction: number | null;
  readonly seed: number;
}

/** An arm's lift drawn towards those of the others, and its standard deviation. */
export interface ShrunkLift {
  readonly arm: string;
  readonly lift: number;
  readonly stddev: number;
}

/** What one readout says by itself. */
export interface ExperimentAnalysis extends ReadoutAnalysis {
  /** By metric; null with fewer than four arms, and for lifts whose control is not told apart. */
  readonly shrunk: Readonly<Record<string, readonly ShrunkLift[] | null>>;
  /** Under a flat prior, of this readout alone; null where it lacks the objective or a guardrail's metric. */
  readonly probabilities:
    | readonly {
        readonly arm: string;
        readonly better: number;
        readonly best: number;
        readonly feasible: number;
      }[]
    | null;
}

/**
 * Lifts, intervals and verdicts (`analyseReadout`), what remains of lifts when they are shrunk (`shrunkMeans`), and probabilities from draws of N(lifts,
 * covariance), metrics taken as independent.
 *
 * Metrics whose control is not ten standard errors from 0 are compared by differences. Throws as `analyseReadout`.
 */
export function experimentAnalysis(
  online: OnlineDefinition,
  readout: Readout,
  settings: ExperimentAnalysisSettings,
): ExperimentAnalysis {
  const { alpha, correction, informationFraction } = settings;
  const analysis = analyseReadout(readout, {
    control: BASELINE_ARM,
    guardrails: online.guardrails,
    alpha,
    correction,
    differences: Object.keys(readout.metrics).filter((metric) =>
      isNearZero(readout.metrics[metric]!, readout.units),
    ),
    informationFraction,
  });
  const endless = analysis.metrics.find(({ lifts }) =>
    [...lifts.estimates, ...lifts.covariance].some((value) => !Number.isFinite(value)),
  );
  if (endless !== undefined) {
    throw new DomainError(
      'readout_invalid',
      'has lifts that no number holds: expected the units of one metric',
      {
        pointer: pointerOf(['metrics', endless.metric]),
      },
    );
  }
  return {
    ...analysis,
    shrunk: Object.fromEntries(
      analysis.metrics.map((metric) => [
        metric.metric,
        shrunkLifts(readout.metrics[metric.metric]!, readout.units, metric.scale),
      ]),
    ),
    probabilities: ownProbabilities(online, readout, analysis, settings.seed),
  };
}

function isNearZero(metric: MetricReadout, units: Readout['units']): boolean {
  if (Object.values(metric.arms).some((measured) => 'lift' in measured)) return false;
  const control = metricMeans(metric, units, BASELINE_ARM).find(({ arm }) => arm === BASELINE_ARM);
  if (control === undefined) return false;
  const { mean, variance } = control;
  return mean === 0 || !(variance <= (LARGEST_VARIATION * mean) ** 2);
}

function shrunkLifts(
  metric: MetricReadout,
  units: Readout['units'],
  scale: MetricAnalysis['scale'],
): readonly ShrunkLift[] | null {
  const means = metricMeans(metric, units, BASELINE_ARM);
  const control = means.find(({ arm }) => arm === BASELINE_ARM)!;
  const arms = means.filter(({ arm }) => arm !== BASELINE_ARM);
  if (arms.length < FEWEST_ARMS) return null;
  const unit = scale === 'relative' ? Math.abs(control.mean) : 1;
  const shrunk = shrunkMeans(
    arms.map(({ mean }) => mean),
    arms.map(({ variance }) => variance),
  );
  return arms.map(({ arm }, i) => {
    const { mean, variance } = shrunk[i]!;
    // The control's noise is common to all, and not shrunk.
    const lift = (mean - control.mean) / unit;
    const slope = scale === 'relative' ? mean / control.mean : 1;
    return { arm, lift, stddev: Math.sqrt(variance + slope ** 2 * control.variance) / unit };
  });
}

function ownProbabilities(
  { objective, guardrails }: OnlineDefinition,
  readout: Readout,
  { metrics }: ReadoutAnalysis,
  seed: number,
): ExperimentAnalysis['probabilities'] {
  const analysed = (name: string): MetricAnalysis | undefined =>
    metrics.find(({ metric }) => metric === name);
  const ofObjective = analysed(objective.metric);
  if (ofObjective === undefined || guardrails.some(({ metric }) => analysed(metric) === undefined))
    return null;
  const arms = ofObjective.lifts.arms;
  const points = arms.length + 1;
  if (guardrails.some(({ metric }) => analysed(metric)!.lifts.arms.join() !== arms.join())) return null;
  const drawn = new Map<string, Float64Array>();
  const drawsOf = (name: string): Float64Array => {
    const known = drawn.get(name);
    if (known !== undefined) return known;
    const random = randomStream(seed, 'online', 'readout', name);
    const draws = posteriorSamples(posteriorOfLifts(analysed(name)!.lifts), DRAWS, random);
    drawn.set(name, draws);
    return draws;
  };
  const sign = objective.direction === 'minimize' ? -1 : 1;
  const slacks = guardrails.map(({ metric, relation, factor }) => {
    const { scale } = analysed(metric)!;
    const means = metricMeans(readout.metrics[metric]!, readout.units, BASELINE_ARM);
    const control = means.find(({ arm }) => arm === BASELINE_ARM)!.mean;
    // A lift is in units of |control|.
    const bound = (factor - 1) * (scale === 'relative' ? Math.sign(control) : control);
    return drawsOf(metric).map((lift) => (relation === '>=' ? lift - bound : bound - lift));
  });
  const probabilities = armProbabilities(
    drawsOf(objective.metric).map((lift) => sign * lift),
    slacks,
    points,
  );
  return arms.map((arm, i) => {
    const { better, best, feasible } = probabilities[i + 1]!;
    return {
      arm,
      better: better.probability,
      best: best.probability,
      feasible: feasible.probability,
    };
  });
}
