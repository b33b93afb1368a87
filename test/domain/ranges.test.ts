import { expect } from 'chai';
import { studySchema } from '../../src/domain/study-rules.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';

type Ranges = Readonly<Record<string, readonly [number, number]>>;

const study = (weights: Ranges, sum?: number) => ({
  name: 'ranges',
  weights,
  objective: 'maximize gain',
  initialTrials: 8,
  ...(sum !== undefined && { sum }),
});

function complaints(weights: Ranges, sum?: number): readonly string[] {
  const { error } = studySchema.safeParse(study(weights, sum));
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('ranges of very different widths', () => {
  it('are refused where a weight would never vary, with the width that would do', () => {
    expect(complaints({ a: [0, 1e-10], b: [0, 1000] })).to.deep.equal([
      'weights.a: range [0, 1e-10] is too narrow beside weights of 1000: expected a width of at least 0.001, ' +
        'or min = max (what the weight multiplies can be rescaled)',
    ]);
    expect(complaints({ a: [5, 5.000001], b: [-1000, 0] })[0]).to.match(/^weights.a: .* at least 0.001/);
    expect(complaints({ a: [0, 1e-7], b: [0, 1000], c: [0, 1000] }, 1)[0]).to.match(
      /^weights.a: .* 0.000001/,
    );
  });

  it('are taken where the sum keeps the wide ones small, and where a weight is fixed on purpose', () => {
    expect(complaints({ a: [0, 1e-5], b: [0, 1000], c: [0, 1000] }, 1)).to.deep.equal([]);
    expect(complaints({ a: [1e-9, 1e-9], b: [0, 1000] })).to.deep.equal([]);
  });

  for (const sum of [undefined, 1000]) {
    it(`vary every weight over its range where they are taken, ${sum === undefined ? 'without a sum' : 'with one'}`, () => {
      const ranges = { a: [1, 1.001], b: [0, 1000], c: [0, 1000] } as const;
      const definition = studySchema.parse(study(ranges, sum));
      expect(encodeStudy(definition).inputs.indices).to.have.length(3);
      const values = initialCandidates(definition, [], 8).map(({ weights }) => weights['a']!);
      expect(Math.min(...values)).to.be.within(1, 1.0003);
      expect(Math.max(...values)).to.be.within(1.0007, 1.001);
      expect(new Set(values).size).to.equal(8);
    });
  }
});
