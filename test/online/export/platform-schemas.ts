import { z } from 'zod';

const armValue = z.strictObject({ arm: z.string(), weights: z.record(z.string(), z.number()).nullable() });

/** GrowthBook's `SDKEndpointResponse`, of which rules hold other keys as well ("API", "Build your own SDK"). */
export const growthBookSchema = z.strictObject({
  status: z.literal(200),
  features: z.record(
    z.string(),
    z.strictObject({
      defaultValue: z.unknown(),
      rules: z.array(
        z.strictObject({
          key: z.string().optional(),
          seed: z.string().optional(),
          hashAttribute: z.string().optional(),
          hashVersion: z.int().optional(),
          coverage: z.number().min(0).max(1).optional(),
          weights: z.array(z.number()).optional(),
          variations: z.array(armValue).optional(),
          meta: z
            .array(z.strictObject({ key: z.string().optional(), name: z.string().optional() }))
            .optional(),
          name: z.string().optional(),
          phase: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** Unleash's `clientFeaturesSchema` and what it refers to, as its OpenAPI specification has them. */
export const unleashSchema = z.object({
  version: z.number().min(0),
  features: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string().optional(),
      enabled: z.boolean(),
      stale: z.boolean().optional(),
      impressionData: z.boolean().nullable().optional(),
      project: z.string().optional(),
      description: z.string().nullable().optional(),
      strategies: z.array(
        z.strictObject({
          name: z.string(),
          constraints: z.array(z.unknown()),
          parameters: z.record(z.string(), z.string()),
          variants: z.array(
            z.strictObject({
              name: z.string(),
              weight: z.int().min(0).max(1000),
              weightType: z.enum(['variable', 'fix']),
              stickiness: z.string(),
              payload: z
                .strictObject({ type: z.enum(['json', 'csv', 'string', 'number']), value: z.string() })
                .optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** LaunchDarkly's flag data: `FeatureFlag`, `Rollout` and `WeightedVariation` of its evaluation library's model. */
export const launchDarklySchema = z.strictObject({
  flags: z.record(
    z.string(),
    z.strictObject({
      key: z.string(),
      version: z.int(),
      on: z.boolean(),
      salt: z.string(),
      variations: z.array(armValue),
      offVariation: z.int().nullable(),
      fallthrough: z.strictObject({
        rollout: z.strictObject({
          kind: z.enum(['rollout', 'experiment']),
          contextKind: z.string().optional(),
          seed: z.int().optional(),
          variations: z.array(
            z.strictObject({
              variation: z.int().min(0),
              weight: z.int().min(0).max(100_000),
              untracked: z.boolean().optional(),
            }),
          ),
        }),
      }),
    }),
  ),
});
