import { expect } from 'chai';
import { quasiNormal } from '../../math/quasi-normal.ts';
import { randomStream } from '../../math/random.ts';
import { SOBOL_DIMENSIONS } from '../../math/sobol.ts';

describe('quasiNormal', () => {
  it('has zero means, unit variances and no correlations, pseudo-random columns included', () => {
    const dimension = SOBOL_DIMENSIONS + 3;
    const count = 2048;
    const normals = quasiNormal(count, dimension, randomStream(1, 'quasi'));
    const moment = (a: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += normals[i * dimension + a]! * normals[i * dimension + b]!;
      return sum / count;
    };
    for (let j = 0; j < dimension; j++) {
      const sobolColumn = j < SOBOL_DIMENSIONS;
      expect(Math.abs(moment(j, j) - 1), `variance of ${j}`).below(sobolColumn ? 0.01 : 0.15);
      expect(Math.abs(moment(j, (j + 1) % dimension)), `correlation of ${j}`).below(0.12);
    }
  });

  it('has no columns and no rows where none are asked for', () => {
    expect(quasiNormal(8, 0, randomStream(1)).length).equal(0);
    expect(quasiNormal(0, 4, randomStream(1)).length).equal(0);
  });
});
