import { z } from 'zod';
import { DomainError } from '../src/domain/errors.ts';
import type { Lease } from '../src/domain/lease.ts';
import { parseWith } from '../src/domain/schema.ts';
import {
  type Observations,
  type Provenance,
  provenanceSchema,
  type Trial,
  type Weights,
} from '../src/domain/trial.ts';
import type { TrialState } from '../src/domain/trial-state.ts';

const weightsSchema = z.record(z.string(), z.number());

/** A trial as stored. `createdAt` and `completedAt` are ISO 8601, for people: nothing is computed from them. */
export interface StoredTrial extends Trial, Lease {
  readonly provenance: Provenance;
  readonly createdAt: string;
  /** When it stopped running; null until then. */
  readonly completedAt: string | null;
  /** Why it failed, is infeasible, was abandoned or voided, where that was said. */
  readonly reason: string | null;
}

export const TRIAL_COLUMNS = [
  'number',
  'state',
  'weights',
  'provenance',
  'client_id',
  'lease_expires_at',
  'reason',
  'created_at',
  'completed_at',
] as const;

export interface TrialRow {
  readonly number: number;
  readonly state: TrialState;
  readonly weights: string | null;
  readonly provenance: string;
  readonly client_id: string | null;
  readonly lease_expires_at: number | null;
  readonly reason: string | null;
  readonly created_at: string;
  readonly completed_at: string | null;
}

/** Throws `database_invalid` for JSON that is not what it should be. */
export function trialOfRow(row: TrialRow, observations: Readonly<Observations>): StoredTrial {
  return {
    number: row.number,
    state: row.state,
    weights: weightsOf(row),
    provenance: column(row, 'provenance', row.provenance, provenanceSchema),
    observations,
    clientId: row.client_id,
    leaseExpiresAt: row.lease_expires_at,
    reason: row.reason,
    createdAt: row.created_at,
    completedAt: row.completed_at,
  };
}

export function weightsOf(row: Pick<TrialRow, 'number' | 'weights'>): Trial['weights'] {
  return row.weights === null ? null : column(row, 'weights', row.weights, weightsSchema);
}

/** The same of many trials, checked without a schema, which takes ten times as long. */
export function leanWeightsOf(row: Pick<TrialRow, 'number' | 'weights'>): Trial['weights'] {
  if (row.weights === null) return null;
  const parsed = parsedOrUndefined(row.weights);
  const isSound =
    typeof parsed === 'object' &&
    parsed !== null &&
    !Array.isArray(parsed) &&
    Object.values(parsed).every((value) => typeof value === 'number');
  return isSound ? (parsed as Weights) : weightsOf(row);
}

function parsedOrUndefined(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function column<Schema extends z.ZodType>(
  { number }: Pick<TrialRow, 'number'>,
  name: string,
  json: string,
  schema: Schema,
): z.output<Schema> {
  try {
    return parseWith(schema, JSON.parse(json), 'database_invalid');
  } catch (error) {
    const reason = error instanceof DomainError ? error.line : 'it is not JSON';
    throw new DomainError(
      'database_invalid',
      `the ${name} of trial ${number} as stored cannot be read: ${reason}`,
    );
  }
}
