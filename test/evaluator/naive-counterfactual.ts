import type { PlacedRow } from './placed-log.ts';

/** Counterfactual estimates straight from their definitions, over all orders of tied rows, for logs of a few rows. */
export interface Estimate {
  readonly cutoff: number;
  readonly clip: number;
  readonly gain: (grade: number) => number;
  readonly discount: (place: number) => number;
}

type Request = readonly PlacedRow[];

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Every order in which no row stands above one of higher utility. */
function ordersOf(rows: Request): Request[] {
  if (rows.length === 0) return [[]];
  const highest = Math.max(...rows.map(({ utility }) => utility));
  return rows
    .filter(({ utility }) => utility === highest)
    .flatMap((first) => ordersOf(rows.filter((row) => row !== first)).map((rest) => [first, ...rest]));
}

const hasLabel = (request: Request): boolean => request.some(({ label }) => label !== null);
const weightOf = (request: Request): number =>
  mean(request.filter(({ label }) => label !== null).map(({ weight }) => weight));
const shownAt = (request: Request, place: number): PlacedRow | undefined =>
  request.find((row) => row.place === place);

/** The row at a place of each order, where production showed it there too and it has a label: its weight and its gain. */
function matchesAt(request: Request, place: number, { clip, gain }: Estimate): readonly [number, number][] {
  return ordersOf(request).map((order) => {
    const row = order[place - 1];
    if (row === undefined || row.place !== place || row.label === null) return [0, 0];
    const weight = Math.min(1 / row.propensity, clip);
    return [weight, weight * gain(row.label)];
  });
}

interface PlaceTerm {
  readonly gain: number;
  readonly matched: number;
  readonly squares: number;
  readonly has: number;
  readonly tells: number;
}

function placeTerm(all: readonly Request[], place: number, estimate: Estimate): PlaceTerm {
  const requests = all.filter(hasLabel);
  const matches = requests.map((request) => {
    const inOrders = matchesAt(request, place, estimate);
    return {
      request,
      weight: mean(inOrders.map(([weight]) => weight)),
      gain: mean(inOrders.map(([, gain]) => gain)),
    };
  });
  const totalOf = (wanted: readonly Request[]): number => sum(wanted.map(weightOf));
  return {
    gain: sum(matches.map(({ request, gain }) => weightOf(request) * gain)),
    matched: sum(matches.map(({ request, weight }) => weightOf(request) * weight)),
    squares: sum(matches.map(({ request, weight }) => (weightOf(request) * weight) ** 2)),
    has: totalOf(requests.filter((request) => (shownAt(request, place)?.label ?? null) !== null)),
    tells: totalOf(requests.filter((request) => shownAt(request, place)?.label !== null)),
  };
}

function termsOf(requests: readonly Request[], estimate: Estimate): readonly PlaceTerm[] {
  const longest = Math.max(...requests.map(({ length }) => length));
  return Array.from({ length: Math.min(estimate.cutoff, longest) }, (_, i) =>
    placeTerm(requests, i + 1, estimate),
  );
}

/** Undefined where no request tells of a place. */
function overPlaces(
  requests: readonly Request[],
  estimate: Estimate,
  valueOf: (term: PlaceTerm) => number,
): number | undefined {
  const terms = termsOf(requests, estimate);
  if (terms.some(({ tells }) => tells === 0)) return undefined;
  return sum(terms.map((term, i) => estimate.discount(i + 1) * valueOf(term)));
}

export function naiveIps(requests: readonly Request[], estimate: Estimate): number | undefined {
  return overPlaces(requests, estimate, ({ gain, tells }) => gain / tells);
}

export function naiveSnips(requests: readonly Request[], estimate: Estimate): number | undefined {
  return overPlaces(requests, estimate, ({ gain, matched, has, tells }) =>
    matched === 0 ? 0 : (has / tells) * (gain / matched),
  );
}

export function naiveSampleSize(requests: readonly Request[], estimate: Estimate): number {
  const terms = termsOf(requests, estimate);
  const squares = sum(terms.map((term) => term.squares));
  return squares === 0 ? 0 : sum(terms.map(({ matched }) => matched)) ** 2 / squares;
}

export function naiveSmallestSampleSize(requests: readonly Request[], estimate: Estimate): number {
  const sizes = termsOf(requests, estimate)
    .filter(({ has }) => has > 0)
    .map(({ matched, squares }) => (squares === 0 ? 0 : matched ** 2 / squares));
  return sizes.length === 0 ? 0 : Math.min(...sizes);
}
