import type { Random } from '../../math/random.ts';
import type { PlacedRow } from './placed-log.ts';

/** P(examined | place). */
const EXAMINED = [0.9, 0.5, 0.3, 0.2];
const ITEMS = EXAMINED.length;
const CONTEXTS = 40;

/** Contexts of four items each, which production ranks at random, by a softmax of its score (Plackett–Luce). */
export interface ClickWorld {
  readonly contexts: readonly {
    /** P(clicked | examined). */
    readonly appeal: readonly number[];
    /** The score of the ranking that is to be estimated, and that of the one beside it. */
    readonly candidate: readonly number[];
    readonly other: readonly number[];
    /** Each order of the items with its probability. */
    readonly orders: readonly { readonly items: readonly number[]; readonly probability: number }[];
    /** P(item at place), by item and place from 0. */
    readonly propensity: readonly (readonly number[])[];
  }[];
}

export function clickWorld(random: Random): ClickWorld {
  const draw = (): readonly number[] => Array.from({ length: ITEMS }, () => random.normal());
  const contexts = Array.from({ length: CONTEXTS }, () => {
    const quality = draw();
    const logged = quality.map((q) => 0.8 * q + 0.5 * random.normal());
    const orders = permutations(Array.from({ length: ITEMS }, (_, i) => i)).map((items) => ({
      items,
      probability: plackettLuce(items.map((item) => Math.exp(logged[item]!))),
    }));
    const propensity = quality.map((_, item) =>
      EXAMINED.map((_e, place) =>
        orders
          .filter(({ items }) => items[place] === item)
          .reduce((sum, { probability }) => sum + probability, 0),
      ),
    );
    return {
      appeal: quality.map((q) => 1 / (1 + Math.exp(-q))),
      candidate: draw(),
      other: quality,
      orders,
      propensity,
    };
  });
  return { contexts };
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}

/** The probability that items are drawn one after another, each with the share of its strength in what is left. */
function plackettLuce(strengths: readonly number[]): number {
  return strengths.reduce(
    (product, strength, i) => product * (strength / strengths.slice(i).reduce((a, b) => a + b, 0)),
    1,
  );
}

/** Logged requests: a context, an order that production drew, and clicks that depend on item and place alone. */
export function loggedRequests(
  { contexts }: ClickWorld,
  random: Random,
  requests: number,
  by: 'candidate' | 'other',
): readonly (readonly PlacedRow[])[] {
  return Array.from({ length: requests }, () => {
    const context = contexts[Math.floor(random.uniform() * CONTEXTS)]!;
    let left = random.uniform();
    const drawn =
      context.orders.find(({ probability }) => (left -= probability) < 0) ?? context.orders.at(-1)!;
    return drawn.items.map((item, place): PlacedRow => ({
      utility: context[by][item]!,
      label: random.uniform() < EXAMINED[place]! * context.appeal[item]! ? 1 : 0,
      weight: 1,
      place: place + 1,
      propensity: context.propensity[item]![place]!,
    }));
  });
}

/** The expected discounted clicks of a request in the first places, were the ranking shown. */
export function trueValue(
  { contexts }: ClickWorld,
  by: 'candidate' | 'other',
  cutoff: number,
  discount: (place: number) => number,
): number {
  const values = contexts.map((context) => {
    const shown = [...context.appeal.keys()].sort((a, b) => context[by][b]! - context[by][a]!);
    return shown
      .slice(0, cutoff)
      .reduce((sum, item, i) => sum + discount(i + 1) * EXAMINED[i]! * context.appeal[item]!, 0);
  });
  return values.reduce((sum, value) => sum + value, 0) / CONTEXTS;
}
