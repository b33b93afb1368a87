import { z } from 'zod';
import { GATES } from './gates.ts';
import { strictObject } from './schema.ts';

/** The checks that a readout passes before it is believed. */
export const gateSchema = z.enum(GATES);

/** What a gate found. A refusal stands until somebody forces it, which is then recorded under the gate's name. */
export const findingSchema = strictObject({
  gate: gateSchema,
  severity: z.enum(['refuse', 'warn']),
  /** Null where it is about the experiment as a whole. */
  metric: z.string().nullable(),
  arm: z.string().nullable(),
  /** One line: what was found, and what is expected. */
  message: z.string(),
});

/** Why a gate was forced. */
export const forceReasonSchema = z.string().min(1).max(1000);

export type Gate = z.output<typeof gateSchema>;
export type Finding = Readonly<z.output<typeof findingSchema>>;
