/** An arm of a round, before arms that rank alike are merged away. */
export interface ProposedArm {
  readonly name: string;
  /** The baseline, or chosen by hand: it stays whatever it is like. */
  readonly kept: boolean;
}

export interface MergedArm {
  readonly name: string;
  /** The arm that stands for it. */
  readonly into: string;
  readonly agreement: number;
}

export interface MergedArms {
  /** Names of the arms that stay, in their order. */
  readonly arms: readonly string[];
  readonly merged: readonly MergedArm[];
}

/**
 * Leaves out arms that rank the log as another does: they would spend traffic on the same experience.
 *
 * In their order, an arm is merged into the one that it agrees with most, of those that are kept and of those that stayed
 * before it, where their agreement is above the threshold; of equal agreements into the first. Kept arms are never merged, even
 * into each other.
 *
 * `agreements` K×K row-major and symmetric, such as Kendall's τ on the top k; NaN says that nothing is
 * known, which merges nothing. Throws RangeError where it is not K×K.
 */
export function mergeArms(
  arms: readonly ProposedArm[],
  agreements: Float64Array,
  threshold: number,
): MergedArms {
  const { length: count } = arms;
  if (agreements.length !== count * count) {
    throw new RangeError(`${agreements.length} agreements of ${count} arms`);
  }
  const agreementOf = (i: number, j: number): number => agreements[i * count + j]!;
  const staying = new Set([...arms.keys()].filter((i) => arms[i]!.kept));
  const merged: MergedArm[] = [];
  arms.forEach(({ name, kept }, i) => {
    if (kept) return;
    let nearest = -1;
    for (const j of [...staying].toSorted((a, b) => a - b)) {
      const agreement = agreementOf(i, j);
      if (agreement > threshold && (nearest < 0 || agreement > agreementOf(i, nearest))) nearest = j;
    }
    if (nearest < 0) staying.add(i);
    else merged.push({ name, into: arms[nearest]!.name, agreement: agreementOf(i, nearest) });
  });
  return { arms: arms.filter((_, i) => staying.has(i)).map(({ name }) => name), merged };
}
