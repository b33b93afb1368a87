import { expectSuggestionsInside } from './many-suggestions.ts';

const SUGGESTIONS = 1_000_000;

describe('suggestions, long', () => {
  it(`keep every constraint to 1e-9 and their sum as printed: ${SUGGESTIONS} in random polytopes`, () => {
    expectSuggestionsInside(SUGGESTIONS);
  });
});
