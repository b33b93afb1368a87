/** a·w ≤ bound or a·w = bound, with the words a person would recognise it by. */
export interface LabelledConstraint {
  readonly label: string;
  readonly coefficients: ArrayLike<number>;
  readonly bound: number;
}

export interface PolytopeSpec {
  readonly names: readonly string[];
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** C in Σw = C. */
  readonly sum?: number;
  readonly equalities?: readonly LabelledConstraint[];
  /** Each a·w ≤ bound. */
  readonly inequalities?: readonly LabelledConstraint[];
}

export interface ConstraintRow {
  readonly label: string;
  readonly coefficients: Float64Array;
  readonly bound: number;
  readonly equality: boolean;
  /** The size of the row's terms, at least 1, which tolerances on it are relative to: max(|bound|, max|a_i| · weight scale). */
  readonly size: number;
}

/**
 * Every constraint of a spec as a labelled row: lower bounds, upper bounds, the sum, equalities, inequalities.
 *
 * Throws RangeError on lengths that disagree or numbers that are not finite.
 */
export function constraintRows(spec: PolytopeSpec): readonly ConstraintRow[] {
  const d = spec.names.length;
  if (d === 0) throw new RangeError('a polytope needs at least one weight');
  if (spec.lower.length !== d || spec.upper.length !== d) {
    throw new RangeError(
      `expected ${d} bounds, got ${spec.lower.length} lower and ${spec.upper.length} upper`,
    );
  }
  const rows: UnsizedRow[] = [];
  spec.names.forEach((name, i) =>
    rows.push(boundRow(d, i, -1, -spec.lower[i]!, `${name} >= ${spec.lower[i]}`)),
  );
  spec.names.forEach((name, i) =>
    rows.push(boundRow(d, i, 1, spec.upper[i]!, `${name} <= ${spec.upper[i]}`)),
  );
  if (spec.sum !== undefined) {
    const coefficients = new Float64Array(d).fill(1);
    rows.push({ label: `sum = ${spec.sum}`, coefficients, bound: spec.sum, equality: true });
  }
  for (const row of spec.equalities ?? []) rows.push(linearRow(row, true));
  for (const row of spec.inequalities ?? []) rows.push(linearRow(row, false));
  for (const { label, coefficients, bound } of rows) {
    if (coefficients.length !== d) {
      throw new RangeError(`expected ${d} coefficients in "${label}", got ${coefficients.length}`);
    }
    if (!Number.isFinite(bound) || !coefficients.every(Number.isFinite)) {
      throw new RangeError(`"${label}" has a number that is not finite`);
    }
  }
  const scale = weightScale(spec);
  return rows.map((row) => ({ ...row, size: sizeOf(row, scale) }));
}

type UnsizedRow = Omit<ConstraintRow, 'size'>;

function sizeOf({ coefficients, bound }: UnsizedRow, scale: number): number {
  return coefficients.reduce(
    (most, entry) => Math.max(most, Math.abs(entry) * scale),
    Math.max(1, Math.abs(bound)),
  );
}

function boundRow(d: number, index: number, sign: number, bound: number, label: string): UnsizedRow {
  const coefficients = new Float64Array(d);
  coefficients[index] = sign;
  return { label, coefficients, bound, equality: false };
}

function linearRow({ label, coefficients, bound }: LabelledConstraint, equality: boolean): UnsizedRow {
  return { label, coefficients: Float64Array.from(coefficients), bound, equality };
}

/** The size of the weights that the constraints allow, which tolerances on them are relative to; never zero. */
export function weightScale(spec: PolytopeSpec): number {
  let lowest = 0;
  let largest = 0;
  for (let i = 0; i < spec.names.length; i++) {
    lowest = Math.min(lowest, spec.lower[i]!);
    largest = Math.max(largest, Math.abs(spec.lower[i]!), Math.abs(spec.upper[i]!));
  }
  if (spec.sum !== undefined && spec.sum > 0 && lowest >= 0) largest = Math.min(largest, spec.sum);
  return largest > 0 ? largest : 1;
}
