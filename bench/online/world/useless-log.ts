import { samplePolytope } from '../../../math/polytope/sampling.ts';
import type { Random } from '../../../math/random.ts';
import type { EngagementLog, HeadColumns } from '../../../src/evaluator/engagement-log.ts';
import type { MetricsOfWeights } from './best-weights.ts';
import { correlation } from './correlation.ts';
import type { WorldParameters } from './draw-world.ts';
import { KIND_PRIORS } from './kinds.ts';
import { drawLog } from './log.ts';
import { offlineMetrics } from './offline-metrics.ts';
import { CORRELATION_POINTS } from './metric-correlations.ts';
import { WEIGHT_SPACE } from './weight-space.ts';

/** About one draw in four fits; so many in a row are a mistake of the prior. */
const MOST_DRAWS = 200;

/**
 * A log whose metrics have next to nothing to do with the truth: each head has the labels of the first draw of the log in
 * which its metric correlates with the truth by no more than the kind allows.
 *
 * Labels of other rows alone would not do: metrics are so smooth in the weights that any two of them correlate, up or down.
 */
export function drawUselessLog(
  parameters: WorldParameters,
  truth: MetricsOfWeights,
  stream: (purpose: string, draw: number) => Random,
): EngagementLog {
  const most = KIND_PRIORS[parameters.kind].mostCorrelation;
  const points = samplePolytope(WEIGHT_SPACE, CORRELATION_POINTS, stream('useless', 0));
  const online = points.map(truth);
  // The scores are those of the first draw: labels have nothing to do with them.
  const first = drawLog(parameters, stream('log', 0));
  const heads: (HeadColumns | undefined)[] = first.heads.map(() => undefined);
  for (let draw = 0; draw < MOST_DRAWS && heads.includes(undefined); draw++) {
    const { heads: drawn } = drawLog(parameters, stream('log', draw));
    const log = { ...first, heads: first.heads.map((head, t) => ({ ...head, label: drawn[t]!.label })) };
    const logged = points.map(offlineMetrics(log));
    log.heads.forEach((head, t) => {
      const found = correlation(
        logged.map((metrics) => metrics[t]!),
        online.map((metrics) => metrics[t]!),
      );
      if (Math.abs(found) <= most) heads[t] ??= head;
    });
  }
  return { ...first, heads: heads.map((head) => head ?? neverFound(most)) };
}

function neverFound(most: number): never {
  throw new RangeError(`no labels with a correlation of at most ${most} in ${MOST_DRAWS} draws`);
}
