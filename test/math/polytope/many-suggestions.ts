import { expect } from 'chai';
import { createPolytope } from '../../../math/polytope/polytope.ts';
import type { LabelledConstraint, PolytopeSpec } from '../../../math/polytope/constraint.ts';
import { roundToPolytope } from '../../../math/polytope/rounding.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import { randomStream, type Random } from '../../../math/random.ts';
import { printedSum, printedUnits } from '../../e2e/sweep-report.ts';
import { randomSpec, SUMS } from './random-polytope.ts';

const MOST_WEIGHTS = 20;
/** Shares of the sum are whole thousandths, so that bounds and equalities are short decimals, as people write them. */
const SHARES = 1000;
/** What is promised, where weights, coefficients and bounds are at most 1; relative to their size above. */
const PROMISED = 1e-9;
const SAMPLES_A_POLYTOPE = 190;
const DESIGNED_A_POLYTOPE = 10;

/**
 * A spec as of a study: ranges of short decimals, a sum three times of four, up to three constraints each way with small
 * coefficients, all met by one point of short decimals, at which some of them have no slack.
 */
export function writtenSpec(random: Random): PolytopeSpec {
  const d = 2 + random.integer(MOST_WEIGHTS - 1);
  const sum = SUMS[random.integer(SUMS.length)]!;
  const cuts = Array.from({ length: d - 1 }, () => random.integer(SHARES + 1)).sort((a, b) => a - b);
  const shares = [...cuts, SHARES].map((cut, i) => cut - (cuts[i - 1] ?? 0));
  const decimal = (share: number): number => Number(((share / SHARES) * sum).toPrecision(12));
  const around = (label: string, slack: number): LabelledConstraint => {
    const coefficients = shares.map(() => random.integer(5) - 2);
    const bound = coefficients.reduce((total, a, i) => total + a * shares[i]!, slack);
    return { label, coefficients, bound: decimal(bound) };
  };
  return {
    names: shares.map((_, i) => `w${i + 1}`),
    lower: shares.map((share) => (random.integer(3) === 0 ? decimal(Math.floor(share / 2)) : 0)),
    upper: shares.map((share) => {
      if (random.integer(10) === 0) return decimal(share);
      return decimal(random.integer(2) === 0 ? SHARES : Math.min(SHARES, 2 * share + 50));
    }),
    ...(random.integer(4) > 0 && { sum }),
    equalities: Array.from({ length: random.integer(3) }, (_, i) => around(`equality ${i}`, 0)),
    inequalities: Array.from({ length: random.integer(4) }, (_, i) =>
      around(`inequality ${i}`, random.integer(4) === 0 ? 0 : random.integer(SHARES)),
    ),
  };
}

/** By how much w misses the worst of a spec's constraints, each relative to the size of its terms where that is above 1. */
export function worstMiss({ lower, upper, sum, ...rows }: PolytopeSpec, w: Float64Array): number {
  let worst = 0;
  const largest = w.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const note = (missed: number, size: number): void => {
    if (!(missed <= worst * Math.max(1, size))) worst = missed / Math.max(1, size);
  };
  w.forEach((value, i) => {
    note(lower[i]! - value, largest);
    note(value - upper[i]!, largest);
  });
  const value = ({ coefficients }: LabelledConstraint): number =>
    w.reduce((total, each, i) => total + coefficients[i]! * each, 0);
  const size = ({ coefficients, bound }: LabelledConstraint): number =>
    w.reduce((most, _, i) => Math.max(most, Math.abs(coefficients[i]!) * largest), Math.abs(bound));
  for (const row of rows.equalities ?? []) note(Math.abs(value(row) - row.bound), size(row));
  for (const row of rows.inequalities ?? []) note(value(row) - row.bound, size(row));
  if (sum !== undefined) note(Math.abs(w.reduce((total, each) => total + each, 0) - sum), largest);
  return worst;
}

/**
 * Draws so many suggestions from random polytopes of up to 20 weights, uniform samples and points of designs, rounded as
 * they are printed, and expects each to keep every constraint to 1e-9 and the sum exactly, as decimals.
 */
export function expectSuggestionsInside(count: number): void {
  let drawn = 0;
  for (let seed = 0; drawn < count; seed++) {
    const random = randomStream(seed, 'many-suggestions');
    const spec = seed % 2 === 0 ? writtenSpec(random) : randomSpec(random, MOST_WEIGHTS);
    const polytope = createPolytope(spec);
    const points = [
      ...samplePolytope(polytope, SAMPLES_A_POLYTOPE, random),
      ...spaceFillingDesign(polytope, DESIGNED_A_POLYTOPE, random),
    ];
    for (const point of points) {
      const w = roundToPolytope(polytope, point);
      const miss = worstMiss(spec, w);
      if (!(miss <= PROMISED)) expect.fail(`seed ${seed}: ${w.join(', ')} misses a constraint by ${miss}`);
      if (spec.sum !== undefined && printedSum([...w]) !== printedUnits(spec.sum)) {
        expect.fail(`seed ${seed}: ${w.join(' + ')} is not ${spec.sum}`);
      }
      drawn++;
    }
  }
}
