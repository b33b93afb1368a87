import { cholesky } from '../../../math/cholesky.ts';
import type { Random } from '../../../math/random.ts';
import type { MultiTaskData } from '../../../gp/coregionalization/data.ts';
import { crossGram, scaleInputs, UNIT_AMPLITUDE } from '../../../gp/kernel.ts';
import { kernelByName } from '../../../gp/kernels/kernel-by-name.ts';

/** What a world of two tasks is drawn with. */
export interface World {
  readonly counts: readonly [number, number];
  readonly dimension: number;
  readonly correlation: number;
  readonly lengthscale: number;
  readonly noiseVariance: number;
  /** Whether the second task sees the first inputs of the first one, as arms that the log was also asked about. */
  readonly sharedInputs?: boolean;
}

/** Two tasks drawn from the prior with a known correlation, Matérn-5/2, unit variances. */
export function drawWorld(
  { counts, dimension, correlation, lengthscale, noiseVariance, sharedInputs = false }: World,
  random: Random,
): MultiTaskData {
  const n = counts[0] + counts[1];
  const X = Float64Array.from({ length: n * dimension }, () => random.uniform());
  if (sharedInputs) X.set(X.slice(0, counts[1] * dimension), counts[0] * dimension);
  const task = Int32Array.from({ length: n }, (_, i) => (i < counts[0] ? 0 : 1));
  const Z = scaleInputs(X, new Float64Array(dimension).fill(lengthscale));
  const K = crossGram(kernelByName.matern52, Z, Z, dimension, UNIT_AMPLITUDE);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (task[i] !== task[j]) K[i * n + j]! *= correlation;
    K[i * n + i]! += noiseVariance;
  }
  const { factor } = cholesky(K, n);
  const normals = Float64Array.from({ length: n }, () => random.normal());
  const y = normals.map((_, i) => {
    let value = 0;
    for (let j = 0; j <= i; j++) value += factor[i * n + j]! * normals[j]!;
    return value;
  });
  return { dimension, taskCount: 2, X, task, y, noiseVariance: new Float64Array(n).fill(noiseVariance) };
}
