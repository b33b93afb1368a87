import { withDerived } from '../domain/derived-metric.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { probabilitySpreads } from '../evaluator/probability-spread.ts';
import type { ArmLog } from './arm-log.ts';
import type { ComputePool } from './compute-pool.ts';
import { measuredMetrics, orderingOf, pairedEvaluator } from './log-evaluator.ts';

/**
 * A log that was read, for arms: the pool's own log.
 *
 * Weights are measured by the metrics of the study that are the log's knowledge of an online one.
 */
export function armLog(definition: StudyDefinition, log: EngagementLog, pool: ComputePool): ArmLog {
  const known = new Set(
    Object.values(definition.online?.metrics ?? {}).flatMap(({ offline }) =>
      offline === undefined ? [] : [offline],
    ),
  );
  const spreads = probabilitySpreads(log);
  return {
    spreads: Object.fromEntries(log.heads.map(({ name }, t) => [name, spreads[t]!])),
    async measure(points) {
      const evaluate = await pairedEvaluator(log, pool, measuredMetrics(definition, log), undefined);
      const observations = await Promise.all(points.map(evaluate));
      return observations.map((found) =>
        Object.fromEntries(
          Object.entries(withDerived(definition, found)).flatMap(([metric, { mean }]) =>
            known.has(metric) ? [[metric, mean] as const] : [],
          ),
        ),
      );
    },
    async agreements(points, cutoff) {
      const count = points.length;
      const agreements = new Float64Array(count * count).fill(1);
      const pairs = points.flatMap((_, i) => Array.from({ length: i }, (__, j) => [i, j] as const));
      await Promise.all(
        pairs.map(async ([i, j]) => {
          const [one, other] = [orderingOf(log, points[i]!), orderingOf(log, points[j]!)];
          const tau = (await pool.run('compareTops', { one, other, cutoff })) ?? NaN;
          agreements[i * count + j] = tau;
          agreements[j * count + i] = tau;
        }),
      );
      return agreements;
    },
  };
}
