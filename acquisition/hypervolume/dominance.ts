/** The value of each objective at one point, all as "maximise". */
export type Outcome = readonly number[];

/** Whether a is at least as good as b in every objective, and better in one. */
export function dominates(a: Outcome, b: Outcome): boolean {
  let better = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i]! < b[i]!) return false;
    if (a[i]! > b[i]!) better = true;
  }
  return better;
}

/**
 * The indices of the points that no other point dominates, in order; equal points are all among them.
 *
 * Throws RangeError on points of different lengths.
 */
export function nonDominated(points: readonly Outcome[]): readonly number[] {
  const objectives = points[0]?.length ?? 0;
  for (const point of points) checkLength(point, objectives);
  return Array.from(points.keys()).filter((i) => !points.some((other) => dominates(other, points[i]!)));
}

/** Throws RangeError unless the point has so many objectives, each a finite number. */
export function checkOutcome(point: Outcome, objectives: number): void {
  checkLength(point, objectives);
  if (!point.every(Number.isFinite)) throw new RangeError(`(${point.join(', ')}) is not a finite point`);
}

function checkLength(point: Outcome, objectives: number): void {
  if (point.length !== objectives) {
    throw new RangeError(`expected ${objectives} objectives, got ${point.length}`);
  }
}
