import { checkOutcome, type Outcome } from './dominance.ts';
import { aboveReference } from './hypervolume.ts';

/** The region above a reference point that no point of a front dominates, as disjoint boxes of m objectives. */
export interface BoxDecomposition {
  /** The number of boxes. */
  readonly size: number;
  /** For each objective the reference, the front's values ascending, each once, and Infinity. */
  readonly levels: readonly Float64Array[];
  /** size×m: which level each box begins at, and which it ends at. */
  readonly lower: Int32Array;
  readonly upper: Int32Array;
}

/** The first of its objectives, as ranks of levels. */
interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** A box that goes on downwards from `top` in the objective that is swept. */
interface OpenBox {
  readonly section: Box;
  readonly top: number;
}

/**
 * The boxes of the region above the reference that no point dominates, all objectives being maximised.
 *
 * {z ≥ r : no p ≥ z} = ∪_b [lower_b, upper_b)
 *
 * The last objective is swept downwards. Between two of its values the region is that of the points above, without that
 * objective; a box of it that the next point leaves whole goes on. So there are n + 1 boxes of two objectives, at most
 * 2n + 1 of three. Works on ranks, where equal values are equal.
 *
 * Throws RangeError on a point of another length than the reference, or one that is not finite.
 *
 * Source: Lacour, Klamroth, Fonseca 2017, A box decomposition algorithm to compute the hypervolume indicator.
 */
export function decomposeNonDominated(points: readonly Outcome[], reference: Outcome): BoxDecomposition {
  for (const point of [reference, ...points]) checkOutcome(point, reference.length);
  const above = aboveReference(points, reference);
  const levels = reference.map((floor, i) => {
    const values = new Set(above.map((point) => point[i]!));
    return Float64Array.from([floor, ...[...values].sort((a, b) => a - b), Infinity]);
  });
  const ranks = above.map((point) => point.map((value, i) => levels[i]!.indexOf(value)));
  const boxes = boxesBeyond(
    ranks,
    levels.map(({ length }) => length - 1),
  );
  return {
    size: boxes.length,
    levels,
    lower: Int32Array.from(boxes.flatMap(({ lower }) => lower)),
    upper: Int32Array.from(boxes.flatMap(({ upper }) => upper)),
  };
}

/** In as many objectives as there are `tops`, the ranks of Infinity; ranks of the points beyond those are of no account. */
function boxesBeyond(points: readonly Outcome[], tops: readonly number[]): readonly Box[] {
  const last = tops.length - 1;
  const top = tops[last]!;
  if (last === 0) {
    return [{ lower: [points.reduce((most, point) => Math.max(most, point[0]!), 0)], upper: [top] }];
  }
  const others = tops.slice(0, last);
  const done: Box[] = [];
  const close = (open: readonly OpenBox[], level: number): void => {
    for (const { section, top: from } of open) {
      if (from === level) continue;
      done.push({ lower: [...section.lower, level], upper: [...section.upper, from] });
    }
  };
  let front: readonly Outcome[] = [];
  let open: readonly OpenBox[] = boxesBeyond([], others).map((section) => ({ section, top }));
  for (const point of points.toSorted((a, b) => b[last]! - a[last]!)) {
    if (front.some((other) => covers(other, point, last))) continue;
    front = [...front.filter((other) => !covers(point, other, last)), point];
    const level = point[last]!;
    const next = boxesBeyond(front, others).map(
      (section) => open.find((box) => isSame(box.section, section)) ?? { section, top: level },
    );
    close(
      open.filter((box) => !next.includes(box)),
      level,
    );
    open = next;
  }
  close(open, 0);
  return done;
}

/** Whether a is at least as good as b in the first m objectives. */
function covers(a: Outcome, b: Outcome, m: number): boolean {
  for (let i = 0; i < m; i++) if (a[i]! < b[i]!) return false;
  return true;
}

function isSame(a: Box, b: Box): boolean {
  return a.lower.every((rank, i) => rank === b.lower[i]!) && a.upper.every((rank, i) => rank === b.upper[i]!);
}
