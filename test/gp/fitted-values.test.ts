import { expect } from 'chai';
import { fittedValues } from '../../gp/fitted-values.ts';
import { condition } from '../../gp/gaussian-process.ts';
import type { NoiseModel } from '../../gp/training-data.ts';
import { predictMany } from '../../gp/posterior.ts';
import { randomStream } from '../../math/random.ts';

const N = 30;

describe('fitted values', () => {
  const random = randomStream(4, 'fitted-values');
  const X = Float64Array.from({ length: 2 * N }, () => random.uniform());
  const y = Float64Array.from(
    { length: N },
    (_, i) => 7 + 0.01 * Math.sin(5 * X[2 * i]!) + 0.002 * random.normal(),
  );
  const models: readonly NoiseModel[] = [
    { kind: 'none' },
    { kind: 'inferred' },
    { kind: 'known', variance: y.map((_, i) => (i % 3 === 0 ? NaN : 1e-6 * (1 + i))) },
  ];

  for (const noise of models) {
    it(`are the posterior means at the observations, noise ${noise.kind}`, () => {
      const gp = condition(
        { dimension: 2, X, y, noise },
        {
          kernel: 'matern52',
          lengthscales: [0.5, 0.8],
          outputscale: 1,
          noiseVariance: 0.02,
          mean: 0.1,
          meanVariance: 0,
          logPosterior: 0,
          jitter: 0,
        },
      );
      const { mean } = predictMany(gp, X);
      fittedValues(gp).forEach((value, i) => expect(value).closeTo(mean[i]!, 1e-9));
    });
  }
});
