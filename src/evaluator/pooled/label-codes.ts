import type { Selection } from '../selection.ts';

/** The selections that one pass counts together. */
export const MOST_SELECTIONS = 8;

/** Bits of a code: one for each selection in which the row is a positive. */
export const POSITIVE_BITS = (1 << MOST_SELECTIONS) - 1;

/** What up to eight selections say of each row, in two bytes. */
export interface LabelCodes {
  /** How many selections. */
  readonly selections: number;
  /** n: bit h where the row is a positive of selection h, bit 8 + h where it counts in it. */
  readonly code: Uint16Array;
  /** Every row counts in every selection and weighs 1, so that one count of rows serves them all. */
  readonly uniform: boolean;
  /** n; undefined where every row weighs 1. */
  readonly weight: Float64Array | undefined;
}

/** Packs the labels of selections of one log; positives are labels above 0. Throws a `RangeError` for more than eight. */
export function labelCodes(selections: readonly Selection[], rows: number): LabelCodes {
  if (selections.length > MOST_SELECTIONS)
    throw new RangeError(`${selections.length} selections in one pass`);
  const code = new Uint16Array(new SharedArrayBuffer(2 * rows));
  let uniform = true;
  selections.forEach(({ label }, h) => {
    const counted = 1 << (MOST_SELECTIONS + h);
    const positive = counted | (1 << h);
    let missing = 0;
    for (let i = 0; i < rows; i++) {
      const y = label[i]!;
      if (y < 0) missing++;
      else code[i] = code[i]! | (y > 0 ? positive : counted);
    }
    if (missing > 0) uniform = false;
  });
  const weight = selections[0]?.weight;
  return { selections: selections.length, code, uniform: uniform && weight === undefined, weight };
}
