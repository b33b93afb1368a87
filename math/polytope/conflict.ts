import type { ConstraintRow } from './constraint.ts';
import { relativeInterior } from './relative-interior.ts';

/** Constraints that no weights satisfy together. */
export class InfeasibleConstraintsError extends Error {
  /** Labels of an irreducible conflict: without any one of them the rest can be satisfied. */
  readonly conflict: readonly string[];

  constructor(conflict: readonly string[]) {
    super(`no weights satisfy all of: ${conflict.join('; ')}`);
    this.name = 'InfeasibleConstraintsError';
    this.conflict = conflict;
  }
}

/**
 * An irreducible infeasible subset of infeasible rows, by the deletion filter: drop each row in turn, for good when
 * what is left is still infeasible.
 *
 * The last rows are tried first: where there are several conflicts, one among bounds and the sum is preferred to one
 * that needs constraints over several weights.
 *
 * Source: Chinneck & Dravnieks 1991, ORSA Journal on Computing 3:157–168.
 */
export function irreducibleConflict(
  rows: readonly ConstraintRow[],
  weightCount: number,
  scale: number,
): readonly ConstraintRow[] {
  let conflict = rows;
  for (const row of [...rows].reverse()) {
    const rest = conflict.filter((kept) => kept !== row);
    if (!relativeInterior(rest, weightCount, scale)) conflict = rest;
  }
  return conflict;
}
