import { expect } from 'chai';
import { completed, exactly, running } from '../../bench/run-study.ts';
import { outsideCandidate } from '../../bench/outside-candidate.ts';
import type { Weights } from '../../src/domain/trial.ts';
import { uncrowdedShares } from '../../src/optimizer/crowding.ts';
import { observedTrials } from '../../src/optimizer/training-data.ts';
import { smallDefinition } from './small-study-definition.ts';

const observed = (all: readonly Weights[]) =>
  observedTrials(
    all.map((weights, i) =>
      completed(running(i + 1, outsideCandidate(weights, 'given')), exactly({ gain: i })),
    ),
  );

describe('uncrowdedShares', () => {
  it('counts a neighbourhood of 0.05 once, whatever the ranges of the weights', () => {
    const definition = smallDefinition({
      weights: { a: [0, 100], b: [0, 1], c: [2, 2] },
      sum: undefined,
      baseline: undefined,
      constraints: [],
    });
    const shares = uncrowdedShares(
      definition,
      observed([
        { a: 10, b: 0.1, c: 2 },
        { a: 13, b: 0.14, c: 2 },
        { a: 10, b: 0.1, c: 2 },
        { a: 90, b: 0.1, c: 2 },
        { a: 90, b: 0.2, c: 2 },
      ]),
    );
    expect(Array.from(shares)).to.deep.equal([1 / 3, 1 / 3, 1 / 3, 1, 1]);
  });
});
