/** A bound on a metric's lift over the baseline: metric ≥ c · baseline is a lift of at least c − 1. */
export interface LiftGuardrail {
  /** Index into the metrics. */
  readonly metric: number;
  readonly relation: '>=' | '<=';
  readonly bound: number;
}

/** Draws of every metric's lifts at the same m points, each `count`×m row-major: draw s of one metric goes with s of another. */
export interface LiftSamples {
  readonly count: number;
  readonly points: number;
  readonly metrics: readonly Float64Array[];
}

/** Whether a point meets every guardrail in a draw. */
export function meetsGuardrails(
  { points, metrics }: LiftSamples,
  guardrails: readonly LiftGuardrail[],
  draw: number,
  point: number,
): boolean {
  for (const { metric, relation, bound } of guardrails) {
    const lift = metrics[metric]![draw * points + point]!;
    if (relation === '>=' ? lift < bound : lift > bound) return false;
  }
  return true;
}
