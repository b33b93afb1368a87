import { z } from 'zod';
import { experimentArmSchema } from '../domain/experiment.ts';
import type { AnalysedExperiment } from '../service/analyse-experiment.ts';
import {
  experimentResource,
  experimentResourceSchema,
  readoutResource,
  readoutResourceSchema,
} from './experiment-resources.ts';

const verdictSchema = z.enum(['shown not worse', 'not shown worse', 'worse']);
const correctionSchema = z.enum(['none', 'bonferroni', 'dunnett']);
const estimateSchema = z.strictObject({ mean: z.number(), standardError: z.number() });

const liftSchema = z.strictObject({
  arm: z.string(),
  lift: z.number(),
  standardError: z.number(),
  lower: z.number(),
  upper: z.number(),
});

const guardrailResultSchema = z.strictObject({
  guardrail: z.string(),
  arm: z.string(),
  slack: z.strictObject({ estimate: z.number(), standardError: z.number() }),
  verdict: verdictSchema,
});

const believedLiftSchema = z.strictObject({
  mean: z.number(),
  stddev: z.number(),
  lower: z.number(),
  upper: z.number(),
});

const believedSchema = {
  lift: z.number(),
  stddev: z.number(),
  better: z.number(),
  best: z.number(),
  feasible: z.number(),
  lifts: z.record(z.string(), believedLiftSchema),
};

const spreadsSchema = z
  .record(z.string(), z.number())
  .nullable()
  .describe(
    'How far a unit of each weight moves the utility, by the log; null where none told any and all are taken alike.',
  );

/** What the log is worth for a metric. */
const transferSchema = z.strictObject({
  metric: z.string(),
  offline: z.string().nullable(),
  rounds: z.int(),
  correlation: z.strictObject({ mean: z.number(), lower: z.number(), upper: z.number() }).nullable(),
  evidence: z
    .strictObject({
      gain: z.number(),
      standardError: z.number(),
      errorWith: z.number(),
      errorWithout: z.number(),
    })
    .nullable(),
  used: z.boolean(),
  reason: z.string(),
});

/** The answer of `experiments/{n}:analyse`. */
export const analysisResourceSchema = z.strictObject({
  study: z.string(),
  experiment: experimentResourceSchema,
  readout: readoutResourceSchema,
  alpha: z.number(),
  correction: correctionSchema,
  intervals: z.enum(['one look', 'sequential']),
  information: z.strictObject({ fraction: z.number().nullable(), by: z.enum(['units', 'window']) }),
  metrics: z.array(
    z.strictObject({
      metric: z.string(),
      kind: z.enum(['propensity', 'volume']),
      scale: z.enum(['relative', 'difference']),
      multiplier: z.number(),
      arms: z.array(liftSchema),
      /** Row by row, in the order of the arms. */
      covariance: z.array(z.array(z.number())),
      /** Lifts drawn towards each other; null with fewer than four arms. */
      shrunk: z.array(z.strictObject({ arm: z.string(), lift: z.number(), stddev: z.number() })).nullable(),
    }),
  ),
  guardrails: z.array(guardrailResultSchema),
  /** By this readout alone, under a flat prior. */
  probabilities: z
    .array(z.strictObject({ arm: z.string(), better: z.number(), best: z.number(), feasible: z.number() }))
    .nullable(),
  /** By the joint posterior of the log and the rounds so far. */
  posterior: z
    .strictObject({
      arms: z.array(
        z.strictObject({ experiment: z.int(), arm: z.string(), tested: z.boolean(), ...believedSchema }),
      ),
      transfer: z.array(transferSchema),
      spreads: spreadsSchema,
      shipment: z
        .strictObject({ arm: z.string(), expectedLift: z.number(), probabilityMet: z.number() })
        .nullable(),
    })
    .nullable(),
  withoutPosterior: z.string().nullable(),
  notes: z
    .array(z.string())
    .describe('Which rounds’ readouts, of those up to this one, were forced past which gates, and why.'),
});

/** The answer of `experiments:recommend`. */
export const nextStepSchema = z.strictObject({
  study: z.string(),
  action: z.enum(['ship', 'run', 'stop', 'wait']),
  arm: z.string().nullable(),
  weights: experimentArmSchema.shape.weights.nullable().describe('Those of the arm to ship.'),
  round: z.int().nullable(),
  arms: z.array(
    z.strictObject({
      name: z.string(),
      weights: experimentArmSchema.shape.weights,
      generator: experimentArmSchema.shape.generator,
      reason: z.string(),
      foretold: z.strictObject(believedSchema).nullable(),
    }),
  ),
  reasons: z.array(z.string()),
  roundsLeft: z.int(),
  confidence: z.number(),
  relevantGain: z.number(),
  gainAfterNextRound: estimateSchema.nullable(),
  furtherGain: z.number().nullable(),
  evidence: z.array(
    z.strictObject({
      experiment: z.int(),
      arm: z.string(),
      lift: z.number(),
      stddev: z.number(),
      better: z.number(),
      best: z.number(),
      feasible: z.number(),
      guardrails: z.array(guardrailResultSchema),
      tested: z.boolean(),
    }),
  ),
  transfer: z.array(transferSchema),
  spreads: spreadsSchema,
  notes: z.array(z.string()),
});

/** The answer of `experiments:plan`. */
export const planResourceSchema = z.strictObject({
  study: z.string(),
  metrics: z.array(
    z.strictObject({
      name: z.string(),
      mean: z.number(),
      stddev: z.number(),
      relevantEffect: z.number().nullable(),
      source: z.enum(['request', 'readout', 'last experiment', 'study']),
    }),
  ),
  unplanned: z.array(z.string()),
  plans: z.array(
    z.strictObject({
      arms: z.int(),
      controlUnits: z.number(),
      armUnits: z.number(),
      critical: z.number(),
      metrics: z.array(
        z.strictObject({
          name: z.string(),
          absolute: z.number(),
          relative: z.number().nullable(),
          relevant: z.boolean().nullable(),
        }),
      ),
      gain: estimateSchema.nullable(),
    }),
  ),
  /** Units in all that show each effect that matters, and days until all are shown; a plan each. */
  needed: z.array(
    z.strictObject({ arms: z.int(), units: z.record(z.string(), z.number()), days: z.number().nullable() }),
  ),
  armsThatFit: z.int(),
  armsThatGain: z.int().nullable(),
  withoutGain: z.string().nullable(),
});

/** An analysis as the interface shows it. */
export function analysisResource({
  study,
  experiment,
  readout,
  alpha,
  correction,
  information,
  own,
  posterior,
  withoutPosterior,
  notes,
}: AnalysedExperiment) {
  return {
    study,
    experiment: experimentResource(experiment),
    readout: readoutResource(readout),
    alpha,
    correction,
    intervals: own.intervals,
    information,
    metrics: own.metrics.map(({ metric, kind, scale, multiplier, arms, lifts }) => ({
      metric,
      kind,
      scale,
      multiplier,
      arms: [...arms],
      covariance: rowsOf(lifts.covariance, arms.length),
      shrunk: own.shrunk[metric]?.map((lift) => ({ ...lift })) ?? null,
    })),
    guardrails: [...own.guardrails],
    probabilities: own.probabilities && [...own.probabilities],
    posterior: posterior && {
      arms: posterior.arms.map((arm) => ({ ...arm, lifts: { ...arm.lifts } })),
      transfer: [...posterior.metrics],
      spreads: posterior.spreads && { ...posterior.spreads },
      shipment: posterior.shipment,
    },
    withoutPosterior,
    notes: [...notes],
  };
}

function rowsOf(matrix: Float64Array, size: number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from(matrix.subarray(i * size, (i + 1) * size)));
}
