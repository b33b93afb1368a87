import type { LiftSamples } from '../transfer/lift-guardrail.ts';
import type { OnlineModels } from '../transfer/online-models.ts';
import { armProbabilities } from './arm-probabilities.ts';

/** Of a central 95 % interval. */
const TAIL = 0.025;

/** A lift as it is believed, a fraction. */
export interface BelievedLift {
  readonly mean: number;
  readonly stddev: number;
  /** Central 95 % of the draws. */
  readonly lower: number;
  readonly upper: number;
}

/** What the joint posterior says of weights. */
export interface BelievedArm {
  /** Of the objective as "more is better". */
  readonly lift: number;
  readonly stddev: number;
  readonly better: number;
  readonly best: number;
  readonly feasible: number;
  readonly lifts: Readonly<Record<string, BelievedLift>>;
}

/**
 * Lifts and probabilities at each point of the draws, of `drawLifts`.
 *
 * P(best) is among these points and the baseline, whose lift is 0 and which meets every guardrail.
 */
export function believedArms(
  { models, lifts: { objective, guardrails } }: OnlineModels,
  { count, points, metrics }: LiftSamples,
): readonly BelievedArm[] {
  const withBaseline = (draws: Float64Array, first: number, value: (lift: number) => number): Float64Array =>
    Float64Array.from({ length: count * (points + 1) }, (_, at) => {
      const i = at % (points + 1);
      return i === 0 ? first : value(draws[Math.floor(at / (points + 1)) * points + i - 1]!);
    });
  const probabilities = armProbabilities(
    withBaseline(metrics[objective]!, 0, (lift) => lift),
    guardrails.map(({ metric, relation, bound }) =>
      withBaseline(metrics[metric]!, 0, (lift) => (relation === '>=' ? lift - bound : bound - lift)),
    ),
    points + 1,
  );
  return Array.from({ length: points }, (_, i) => {
    const { better, best, feasible } = probabilities[i + 1]!;
    const byMetric = Object.fromEntries(
      models.map(({ metric }, t) => [metric, believed(metrics[t]!, points, i)] as const),
    );
    const { mean, stddev } = believed(metrics[objective]!, points, i);
    return {
      lift: mean,
      stddev,
      better: better.probability,
      best: best.probability,
      feasible: feasible.probability,
      lifts: byMetric,
    };
  });
}

function believed(draws: Float64Array, points: number, point: number): BelievedLift {
  const count = draws.length / points;
  const values = Float64Array.from({ length: count }, (_, s) => draws[s * points + point]!).toSorted();
  const mean = values.reduce((sum, value) => sum + value / count, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return {
    mean,
    stddev: Math.sqrt(variance),
    lower: values[Math.floor(TAIL * (count - 1))]!,
    upper: values[Math.ceil((1 - TAIL) * (count - 1))]!,
  };
}
