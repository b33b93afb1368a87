import { randomStream } from '../../math/random.ts';
import type { NoiseModel, TrainingData } from '../../gp/training-data.ts';

/** n noisy values of a smooth function of d inputs. */
export function trainingSet(
  n: number,
  d: number,
  { seed = 1, noiseStddev = 0.1, noise = { kind: 'inferred' } as NoiseModel } = {},
): TrainingData {
  const random = randomStream(seed, 'training-set', n, d);
  const X = Float64Array.from({ length: n * d }, () => random.uniform());
  const y = Float64Array.from({ length: n }, (_, i) => {
    let value = Math.sin(5 * X[i * d]!) + noiseStddev * random.normal();
    for (let k = 1; k < d; k++) value += (X[i * d + k]! - 0.4) ** 2 / k;
    return value;
  });
  return { dimension: d, X, y, noise };
}

/** The same observations with outputs y·scale + offset, known variances likewise. */
export function rescaled(data: TrainingData, scale: number, offset = 0): TrainingData {
  const { noise } = data;
  return {
    ...data,
    y: data.y.map((value) => value * scale + offset),
    noise:
      noise.kind === 'known'
        ? { kind: 'known', variance: noise.variance.map((v) => v * scale * scale) }
        : noise,
  };
}
