import { z } from 'zod';
import { nameSchema, studyNameSchema } from './name.ts';
import { numberSchema } from './number.ts';
import { strictObject } from './schema.ts';

/** Each arm is one value of a flag; no experiment platform is used with more. */
const MOST_ARMS = 100;

const LONGEST_TEXT = 256;

/** The name of an arm, as experiment platforms take it in keys and addresses. */
export const armNameSchema = z
  .string()
  .max(64)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
    'expected a name of letters, digits, _, . and - (not starting with a sign)',
  );

/** One arm and the share of the experiment's traffic that it gets. */
export const allocatedArmSchema = strictObject({
  name: armNameSchema,
  /** The utility weights to rank with; null for a baseline that is what production does already. */
  weights: z.record(nameSchema, numberSchema).nullable(),
  /** Relative to the other arms' shares, which need not add up to 1. */
  share: numberSchema.positive(),
});

/** How an experiment splits its traffic: the baseline first, then the arms. */
export const allocationSchema = strictObject({
  experiment: studyNameSchema,
  /** Start of every hash: the same seed puts a user into the same place. */
  seed: z.string().min(1).max(LONGEST_TEXT),
  /** The share of all traffic that takes part. */
  coverage: z.number().positive().max(1),
  /** The attribute that says who a user is; left out, the platform's usual one. */
  unit: z.string().min(1).max(LONGEST_TEXT).optional(),
  arms: z.array(allocatedArmSchema).min(2).max(MOST_ARMS),
}).check((context) => {
  const names = context.value.arms.map(({ name }) => name);
  const repeated = names.findIndex((name, i) => names.indexOf(name) < i);
  if (repeated < 0) return;
  context.issues.push({
    code: 'custom',
    message: `"${names[repeated]}" is the name of an earlier arm: expected another`,
    input: context.value,
    path: ['arms', repeated, 'name'],
  });
});

export type AllocatedArm = z.output<typeof allocatedArmSchema>;
export type Allocation = z.output<typeof allocationSchema>;
