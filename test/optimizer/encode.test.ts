import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { encodeStudy, toUnitCube, toVector, toWeights } from '../../src/optimizer/encode.ts';
import { smallDefinition } from './small-study-definition.ts';

interface Refusal {
  readonly why: string;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly code: string;
  readonly line: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    why: 'constraints that contradict each other, naming no others',
    keys: { constraints: ['a <= 9 * b', 'a >= 0.7', 'c <= 0.9', 'a + b <= 0.6'] },
    code: 'constraints_infeasible',
    line: 'constraints.1: no weights satisfy all of: b >= 0, a >= 0.7, a + b <= 0.6',
  },
  {
    why: 'two equalities that contradict each other',
    keys: { constraints: ['a + b == 0.5', 'a + b == 0.6'] },
    code: 'constraints_infeasible',
    line: 'constraints.0: no weights satisfy all of: a + b == 0.5, a + b == 0.6',
  },
  {
    why: 'a constraint that keeps the weights from their sum, and the ranges it takes for that',
    keys: { weights: { a: [0, 0.2], b: [0, 0.2], c: [0, 1] }, constraints: ['a <= b', 'c <= 0.3'] },
    code: 'constraints_infeasible',
    line: 'constraints.1: no weights satisfy all of: a <= 0.2, b <= 0.2, sum = 1, c <= 0.3',
  },
  {
    why: 'a single point',
    keys: { constraints: ['a == 0.25', 'b == 0.25'] },
    code: 'study_invalid',
    line: 'weights: the ranges and constraints leave only a = 0.25, b = 0.25, c = 0.5: expected room to vary',
  },
  {
    why: 'one weight and a sum',
    keys: { weights: { a: [0, 2] } },
    code: 'study_invalid',
    line: 'weights: the ranges and constraints leave only a = 1: expected room to vary',
  },
  {
    why: 'a baseline that breaks an equality',
    keys: { baseline: { weights: { a: 0.5, b: 0.25, c: 0.25 } }, constraints: ['a - b == 0'] },
    code: 'baseline_invalid',
    line: 'baseline.weights: break the constraint a - b == 0 by 0.25',
  },
  {
    why: 'a baseline that breaks an inequality',
    keys: { baseline: { weights: { a: 0.5, b: 0.25, c: 0.25 } }, constraints: ['2 * b >= a + 0.5'] },
    code: 'baseline_invalid',
    line: 'baseline.weights: break the constraint 2 * b - a >= 0.5 by 0.5',
  },
  {
    why: 'a sum of more digits than weights carry',
    keys: { sum: 1.00000000000001 },
    code: 'study_invalid',
    line: 'sum: the sum 1.00000000000001 has digits below 1e-12, which weights adding up to it cannot carry',
  },
];

describe('encodeStudy', () => {
  for (const { why, keys, code, line } of REFUSALS) {
    it(`refuses ${why}`, () => {
      expect(() => encodeStudy(smallDefinition(keys)))
        .to.throw(DomainError)
        .that.includes({ code, line });
    });
  }

  it('keeps the study’s order of weights and leaves fixed ones out of the models', () => {
    const encoding = encodeStudy(
      smallDefinition({ weights: { c: [0, 0.5], a: [0.25, 0.25], b: [0.25, 0.75] } }),
    );
    const weights = { a: 0.25, b: 0.5, c: 0.25 };
    expect(encoding.names).to.deep.equal(['c', 'a', 'b']);
    expect([...toVector(encoding, weights)]).to.deep.equal([0.25, 0.25, 0.5]);
    expect([...toUnitCube(encoding, weights)]).to.deep.equal([0.5, 0.5]);
    expect(toWeights(encoding, toVector(encoding, weights))).to.deep.equal(weights);
  });

  it('leaves out of the models a weight that constraints fix together, and scales the others by what they leave', () => {
    const { inputs } = encodeStudy(
      smallDefinition({
        weights: { a: [0, 1], b: [0, 5], c: [0, 30] },
        sum: 1,
        constraints: ['a == 0.3'],
        baseline: undefined,
      }),
    );
    expect([...inputs.indices]).to.deep.equal([1, 2]);
    for (const range of inputs.range) expect(range).to.be.closeTo(0.7, 1e-9);
  });

  it('keeps all weights of a sum as inputs of the models', () => {
    expect(encodeStudy(smallDefinition()).inputs.indices.length).to.equal(3);
  });
});
