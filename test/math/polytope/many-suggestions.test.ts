import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { expectSuggestionsInside, worstMiss, writtenSpec } from './many-suggestions.ts';
import { simplexSpec } from './random-polytope.ts';

const SUGGESTIONS = 20_000;

describe('suggestions', () => {
  it(`keep every constraint to 1e-9 and their sum as printed: ${SUGGESTIONS} in random polytopes`, () => {
    expectSuggestionsInside(SUGGESTIONS);
  });

  it('are held against constraints that can be missed', () => {
    const spec = {
      ...simplexSpec(3),
      equalities: [{ label: 'a = b', coefficients: [1, -1, 0], bound: 0 }],
      inequalities: [{ label: 'c <= 0.5', coefficients: [0, 0, 1], bound: 0.5 }],
    };
    expect(worstMiss(spec, Float64Array.of(0.3, 0.3, 0.4))).to.be.below(1e-15);
    for (const [w, miss] of [
      [[0.3, 0.31, 0.39], 0.01],
      [[0.2, 0.2, 0.6], 0.1],
      [[0.3, 0.3, 0.39], 0.01],
      [[0.6, 0.6, -0.2], 0.2],
      [[NaN, 0.3, 0.4], NaN],
    ] as const) {
      const found = worstMiss(spec, Float64Array.from(w));
      if (Number.isNaN(miss)) expect(found).to.deep.equal(NaN);
      else expect(found).to.be.closeTo(miss, 1e-12);
    }
    const kinds = Array.from({ length: 50 }, (_, seed) => writtenSpec(randomStream(seed, 'kinds')));
    expect(kinds.some(({ sum }) => sum === undefined)).to.equal(true);
    expect(kinds.some(({ names }) => names.length === 20)).to.equal(true);
    expect(kinds.some(({ equalities }) => equalities!.length === 2)).to.equal(true);
  });
});
