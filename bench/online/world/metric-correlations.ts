import { samplePolytope } from '../../../math/polytope/sampling.ts';
import type { Random } from '../../../math/random.ts';
import type { MetricsOfWeights } from './best-weights.ts';
import { correlation } from './correlation.ts';
import { WEIGHT_SPACE } from './weight-space.ts';

/** Weights at which the correlation of log and truth is taken: its standard error there is at most 0.13. */
export const CORRELATION_POINTS = 64;

/** Correlation over uniform weights of what the log says with what is true, one a head. */
export function metricCorrelations(
  { truth, offline }: { readonly truth: MetricsOfWeights; readonly offline: MetricsOfWeights },
  random: Random,
): readonly number[] {
  const points = samplePolytope(WEIGHT_SPACE, CORRELATION_POINTS, random);
  const online = points.map(truth);
  const logged = points.map(offline);
  return Array.from(online[0]!.keys(), (t) =>
    correlation(
      logged.map((metrics) => metrics[t]!),
      online.map((metrics) => metrics[t]!),
    ),
  );
}
