import { expect } from 'chai';
import * as fc from 'fast-check';
import { contains } from '../../math/polytope/polytope.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { encodeStudy, toVector } from '../../src/optimizer/encode.ts';
import { initialCandidates, initialTrialsLeft } from '../../src/optimizer/initialise.ts';
import { printedSum, printedUnits } from '../e2e/sweep-report.ts';
import { completedTrial, runningTrial, smallDefinition } from './small-study-definition.ts';

const CONSTRAINTS = ['a <= 2 * b', 'b + c >= 0.3'];

function oneAtATime(definition: StudyDefinition, count: number): readonly object[] {
  const trials: Trial[] = [];
  for (let number = 1; number <= count; number++) {
    const [candidate] = initialCandidates(definition, trials, 1);
    trials.push({ ...runningTrial(number, candidate!.weights), provenance: candidate!.provenance });
  }
  return trials.map(({ weights }) => weights!);
}

describe('initialCandidates', () => {
  const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

  it('gives the same candidates twice, and others for another seed', () => {
    const definition = smallDefinition({ seed: 5, constraints: CONSTRAINTS });
    expect(initialCandidates(definition, [], 4)).to.deep.equal(initialCandidates(definition, [], 4));
    const other = initialCandidates({ ...definition, seed: 6 }, [], 4);
    expect(other[0]!.weights).to.not.deep.equal(initialCandidates(definition, [], 4)[0]!.weights);
  });

  it('gives weights inside the polytope that add up to the sum as printed', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(1, 0.3, 10), (seed, sum) => {
        const definition = smallDefinition({
          seed,
          sum,
          weights: { a: [0, sum], b: [0, sum], c: [0, sum] },
          constraints: ['a <= 2 * b'],
        });
        const encoding = encodeStudy(definition);
        for (const { weights } of initialCandidates(definition, [], 6)) {
          expect(contains(encoding.polytope, toVector(encoding, weights))).to.equal(true);
          expect(printedSum(Object.values(weights))).to.equal(printedUnits(sum));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('gives the same design all at once, in parts, and one at a time', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const definition = smallDefinition({ seed, initialTrials: 6, constraints: CONSTRAINTS });
        const all = initialCandidates(definition, [], 6).map(({ weights }) => weights);
        expect(initialCandidates(definition, [], 3).map(({ weights }) => weights)).to.deep.equal(
          all.slice(0, 3),
        );
        expect(oneAtATime(definition, 6)).to.deep.equal(all);
      }),
      { numRuns: 15 },
    );
  });

  it('does not depend on what the trials measured', () => {
    const definition = smallDefinition({ initialTrials: 4 });
    const [first] = initialCandidates(definition, [], 1);
    const low = initialCandidates(definition, [completedTrial(1, first!.weights, { gain: 0 })], 3);
    const high = initialCandidates(definition, [completedTrial(1, first!.weights, { gain: 9 })], 3);
    expect(low).to.deep.equal(high);
  });

  it('keeps its distance from the baseline and between its own', () => {
    const definition = smallDefinition({
      baseline: { weights: { a: 0.2, b: 0.4, c: 0.4 } },
      initialTrials: 8,
    });
    const baseline = runningTrial(0, { a: 0.2, b: 0.4, c: 0.4 });
    const distances = initialCandidates(definition, [baseline], 8).map(
      ({ provenance }) => provenance.nearestTrialDistance!,
    );
    for (const distance of distances) expect(distance).to.be.greaterThan(0.05);
  });

  it('counts what is left of the design by candidates, the baseline aside', () => {
    const definition = smallDefinition({ initialTrials: 3 });
    const trials = [0, 1, 2].map((number) => runningTrial(number, { a: 0.2, b: 0.4, c: 0.4 }));
    expect([0, 1, 2, 3].map((n) => initialTrialsLeft(definition, trials.slice(0, n)))).to.deep.equal([
      3, 3, 2, 1,
    ]);
    expect(initialTrialsLeft(smallDefinition(), [])).to.equal(4);
  });

  it('has one more initial trial than half the dimension, rounded up, and at least four, unless the study says', () => {
    for (const [weights, count] of [
      [2, 4],
      [7, 4],
      [8, 5],
      [9, 5],
      [10, 6],
      [20, 11],
    ] as const) {
      const names = Array.from({ length: weights }, (_, i) => `w${i}`);
      const ranges = { weights: Object.fromEntries(names.map((name) => [name, [0, 1]])) };
      // The sum takes one dimension.
      expect(initialTrialsLeft(smallDefinition(ranges), []), `${weights} weights`).to.equal(count);
      expect(initialTrialsLeft(smallDefinition({ ...ranges, initialTrials: 7 }), [])).to.equal(7);
    }
  });

  it('keeps the directions of a design apart on a log without a sum, where the design looks at weights', () => {
    for (const seed of [4, 9, 28, 33]) {
      const { sum: _, ...open } = smallDefinition({
        weights: { a: [0, 1], b: [0, 1] },
        sum: undefined,
        initialTrials: 12,
        seed,
      });
      const definition = {
        ...open,
        log: { path: 'log.csv', request: 'request', nullScores: 'refuse' },
      } as const;
      const directions = initialCandidates(definition, [], 12).map(({ weights: { a, b } }) =>
        Math.atan2(a!, b!),
      );
      const sorted = directions.toSorted((x, y) => x - y);
      const least = Math.min(...sorted.slice(1).map((angle, i) => angle - sorted[i]!));
      // Two directions an angle t apart are 2·sin(t/2) apart, of a unit of √2.
      expect((2 * Math.sin(least / 2)) / Math.SQRT2).to.be.at.least(1e-3);
    }
  });
});
