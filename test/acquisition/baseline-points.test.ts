import { expect } from 'chai';
import { varianceBounds } from '../../acquisition/baseline-points.ts';
import { condition } from '../../gp/gaussian-process.ts';
import { partAlone } from '../../gp/linear-combination.ts';
import { predict } from '../../gp/posterior.ts';
import { trainingSet } from '../gp/training-set.ts';

describe('varianceBounds', () => {
  it('are at least the posterior variances, be it the function or its constant mean that is uncertain', () => {
    const n = 6;
    for (const [outputscale, meanVariance, noise] of [
      [1, 0, 0.1],
      [0.01, 1, 5],
      [2, 1, 50],
    ] as const) {
      const data = trainingSet(n, 2, {
        noise: { kind: 'known', variance: new Float64Array(n).fill(noise) },
      });
      const process = condition(data, {
        kernel: 'matern52',
        lengthscales: [0.4, 0.7],
        outputscale,
        noiseVariance: NaN,
        mean: 0,
        meanVariance,
        logPosterior: NaN,
        jitter: 0,
      });
      for (let i = 0; i < n; i++) {
        const [bound] = varianceBounds({ processes: [process], metrics: [partAlone(0)] }, i);
        expect(bound).to.be.at.least(predict(process, data.X.slice(2 * i, 2 * i + 2)).variance);
      }
    }
  });
});
