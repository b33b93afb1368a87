/** A trial that was alone in being suggested and evaluated, in seconds. */
export interface TimedTrial {
  /** How many trials were completed before it. */
  readonly before: number;
  readonly suggesting: number;
  readonly evaluating: number;
}

const FEWEST_TIMED = 3;
/** Growth is believed from so many trials on, when its slope is this many standard errors above 0. */
const FEWEST_FOR_GROWTH = 8;
const STANDARD_ERRORS = 2;

/**
 * The time that the trials from `completed` to `budget` take.
 *
 * Evaluations take what they took, by their median. Suggestions take a + b n² after n trials (ADR 0014), a and b ≥ 0 by least
 * squares; b = 0 until the trials show that they grow. Undefined while fewer than three are timed.
 */
export function secondsLeft(
  timed: readonly TimedTrial[],
  completed: number,
  budget: number,
): number | undefined {
  if (timed.length < FEWEST_TIMED) return undefined;
  const left = Math.max(0, budget - completed);
  const { start, slope } = growthOf(timed);
  let seconds = left * median(timed.map(({ evaluating }) => evaluating));
  for (let n = completed; n < budget; n++) seconds += start + slope * n ** 2;
  return seconds;
}

function growthOf(timed: readonly TimedTrial[]): { readonly start: number; readonly slope: number } {
  const points = timed.map(({ before, suggesting }) => ({ x: before ** 2, y: suggesting }));
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const variation = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  if (points.length < FEWEST_FOR_GROWTH || variation === 0) return { start: y, slope: 0 };
  const slope = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / variation;
  const rest = points.reduce((sum, point) => sum + (point.y - y - slope * (point.x - x)) ** 2, 0);
  const error = Math.sqrt(rest / (points.length - 2) / variation);
  if (slope <= STANDARD_ERRORS * error) return { start: y, slope: 0 };
  if (slope * x <= y) return { start: y - slope * x, slope };
  // A line through 0 instead of one that begins below it.
  const squares = points.reduce((sum, point) => sum + point.x ** 2, 0);
  return { start: 0, slope: points.reduce((sum, point) => sum + point.x * point.y, 0) / squares };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
