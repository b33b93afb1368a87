import { type LiftGuardrail, type LiftSamples, meetsGuardrails } from './lift-guardrail.ts';

/** What would be shipped. */
export interface Shipment {
  /** Point of the samples, or −1 for the baseline. */
  readonly point: number;
  /** Posterior mean lift of the objective, and probability that every guardrail is met; 0 and 1 for the baseline. */
  readonly expectedLift: number;
  readonly probabilityMet: number;
}

/** The guardrails are met with at least this probability, all together. */
export const DEFAULT_CONFIDENCE = 0.95;

/**
 * The arm with the largest posterior mean lift of the objective among those that meet all guardrails together with probability
 * `confidence`; the baseline where none does, or none is expected to gain.
 *
 * Posterior means are shrunk already, so the winner is not over-stated as the largest observed lift is.
 */
export function decideShipment(
  samples: LiftSamples,
  objective: number,
  guardrails: readonly LiftGuardrail[],
  confidence = DEFAULT_CONFIDENCE,
): Shipment {
  const { count, points, metrics } = samples;
  let best: Shipment = { point: -1, expectedLift: 0, probabilityMet: 1 };
  for (let i = 0; i < points; i++) {
    let met = 0;
    let sum = 0;
    for (let s = 0; s < count; s++) {
      sum += metrics[objective]![s * points + i]!;
      if (meetsGuardrails(samples, guardrails, s, i)) met++;
    }
    const probabilityMet = met / count;
    if (probabilityMet < confidence || !(sum / count > best.expectedLift)) continue;
    best = { point: i, expectedLift: sum / count, probabilityMet };
  }
  return best;
}
