import { expect } from 'chai';
import {
  areOfNumbers,
  correlationMatrix,
  withoutRounding,
} from '../../../src/online/readouts/metric-correlation.ts';

const NAMES = ['clicks', 'saves', 'hides'];
const pair = (a: string, b: string, correlation: number) => ({
  metrics: [a, b] as [string, string],
  correlation,
});
const matrixOf = (clickSave: number, saveHide: number, clickHide: number): Float64Array =>
  correlationMatrix(
    [
      pair('clicks', 'saves', clickSave),
      pair('hides', 'saves', saveHide),
      pair('clicks', 'hides', clickHide),
    ],
    NAMES,
  );

describe('correlations of metrics', () => {
  it('are a matrix of the names, 0 where nothing is told, without other metrics', () => {
    const told = [pair('hides', 'clicks', 0.5), pair('hides', 'shares', 0.9)];
    expect(Array.from(correlationMatrix(told, NAMES))).to.deep.equal([1, 0, 0.5, 0, 1, 0, 0.5, 0, 1]);
  });

  it('are of numbers up to the digits that people write', () => {
    // Of three metrics: 1 + 2abc − a² − b² − c² ≥ 0.
    expect(areOfNumbers(matrixOf(0.9, 0.9, 0.62), 3)).to.equal(true);
    expect(areOfNumbers(matrixOf(0.9, 0.9, 0.61), 3)).to.equal(true);
    expect(areOfNumbers(matrixOf(0.9, 0.9, 0.3), 3)).to.equal(false);
    expect(areOfNumbers(matrixOf(0.9, 0.9, -0.9), 3)).to.equal(false);
    expect(areOfNumbers(matrixOf(1, 1, 1), 3)).to.equal(true);
  });

  it('keep what is possible, and lose what rounding made impossible', () => {
    const possible = matrixOf(0.8, 0.5, 0.4);
    withoutRounding(possible, 3).forEach((value, at) => expect(value).to.be.closeTo(possible[at]!, 1e-12));
    const rounded = matrixOf(0.9, 0.9, 0.61);
    const [, a, c, , , b] = withoutRounding(rounded, 3) as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect(1 + 2 * a * b * c - a ** 2 - b ** 2 - c ** 2).to.be.at.least(-1e-12);
    expect(Math.abs(a - 0.9) + Math.abs(b - 0.9) + Math.abs(c - 0.61)).to.be.below(0.02);
  });
});
