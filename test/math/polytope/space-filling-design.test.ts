import { expect } from 'chai';
import * as fc from 'fast-check';
import { createPolytope, type Polytope } from '../../../math/polytope/polytope.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream } from '../../../math/random.ts';
import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import { simplexSpec } from './random-polytope.ts';

/** As `math/space-filling-design.ts` says: as many candidates, as many passes. */
const candidateCount = (count: number): number => Math.max(400, 40 * count);
const PASSES = 4;

/** Of a polytope whose ranges are all [0, 1]. */
const distance = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));

/** The design from its definition: every candidate's distance to every other point, looked up anew for each choice. */
function plainDesign(polytope: Polytope, count: number, seed: number, existing: readonly Float64Array[]) {
  const random = randomStream(seed, 'plain');
  const candidates = samplePolytope(polytope, candidateCount(count), random);
  const mean = candidates[0]!.map(
    (_, i) => candidates.reduce((sum, w) => sum + w[i]!, 0) / candidates.length,
  );
  const anchors = existing.length > 0 ? existing : [mean];
  const left = existing.length > 0 ? count : count - 1;
  const chosen: Float64Array[] = [];
  const farthestFrom = (points: readonly Float64Array[]): Float64Array => {
    const least = candidates.map((candidate) =>
      Math.min(...points.map((point) => distance(candidate, point))),
    );
    return candidates[least.indexOf(Math.max(...least))]!;
  };
  for (let slot = 0; slot < left; slot++) chosen.push(farthestFrom([...anchors, ...chosen]));
  for (let pass = 0; pass < PASSES; pass++) {
    for (let slot = 0; slot < left; slot++) {
      chosen[slot] = farthestFrom([...anchors, ...chosen.filter((_, other) => other !== slot)]);
    }
  }
  return existing.length > 0 ? chosen : [mean, ...chosen];
}

describe('a space-filling design', () => {
  it('is to the bit the one of its definition, with existing points and without', () => {
    const existing = [Float64Array.of(0.2, 0.3, 0.5), Float64Array.of(0.5, 0.5, 0)];
    const polytope = createPolytope(simplexSpec(3));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.nat(2),
        fc.integer({ min: 2, max: 12 }),
        (seed, n, count) => {
          const given = existing.slice(0, n);
          const design = spaceFillingDesign(polytope, count, randomStream(seed, 'plain'), given);
          expect(design).to.deep.equal(plainDesign(polytope, count, seed, given));
        },
      ),
      { numRuns: 20 },
    );
  });
});
