import type { StudyDefinition } from '../../src/domain/study.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { Provenance } from '../../src/domain/trial.ts';
import type { NewTrial } from '../../store/trials.ts';

export const NOW = '2026-01-02T03:04:05.678Z';

export function study(name: string): StudyDefinition {
  return studySchema.parse({
    name,
    weights: { a: [0, 1], b: [0, 1] },
    sum: 1,
    objective: 'maximize revenue',
  });
}

const PROVENANCE: Provenance = {
  generator: 'space_filling',
  reason: 'initial design, 4 left',
  acquisitionValue: null,
  feasibility: [{ guardrail: 'cost <= baseline', probability: 0.5 }],
  predictions: { revenue: { mean: 1, stddev: 0.1 } },
  nearestTrialDistance: 0.25,
  hyperparameters: { revenue: { lengthscales: [1, 2] } },
};

/** What a trial has beside, of which nobody said anything. */
export const UNSAID = { clientId: null, leaseExpiresAt: null, reason: null } as const;

export function trial(number: number, a = 0.25): NewTrial {
  return { number, weights: { a, b: 1 - a }, provenance: PROVENANCE };
}
