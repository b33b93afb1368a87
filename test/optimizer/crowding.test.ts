import { expect } from 'chai';
import { completed, exactly, running } from '../../bench/races/run-study.ts';
import { outsideCandidate } from '../../bench/races/outside-candidate.ts';
import type { Weights } from '../../src/domain/trial.ts';
import { uncrowdedShares } from '../../src/optimizer/crowding.ts';
import { observedTrials } from '../../src/optimizer/training-data.ts';

const observed = (all: readonly Weights[]) =>
  observedTrials(
    all.map((weights, i) =>
      completed(running(i + 1, outsideCandidate(weights, 'given')), exactly({ gain: i })),
    ),
  );

describe('uncrowdedShares', () => {
  it('counts a neighbourhood of a twentieth of the spread once, whatever the ranges', () => {
    const shares = uncrowdedShares(
      observed([
        { a: 10, b: 0.1, c: 2 },
        { a: 13, b: 0.1, c: 2 },
        { a: 10, b: 0.1, c: 2 },
        { a: 90, b: 0.1, c: 2 },
        { a: 90, b: 0.2, c: 2 },
      ]),
    );
    expect(Array.from(shares)).to.deep.equal([1 / 3, 1 / 3, 1 / 3, 1, 1]);
    expect(Array.from(uncrowdedShares(observed([{ a: 1 }, { a: 1 }])))).to.deep.equal([1 / 2, 1 / 2]);
    expect(uncrowdedShares([])).to.have.length(0);
  });
});
