import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStudyFile } from '../../src/cli/study-file.ts';
import { parseLogMetric } from '../../src/domain/metric.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { modelledMetrics } from '../../src/optimizer/metric-roles.ts';
import { loadLog } from '../../src/service/load-log.ts';
import type { Problem } from './problem.ts';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));

export const NEWSFEED_LOG = join(
  process.env['PONDERA_NEWSFEED'] ?? join(checkout, '../shared/data/newsfeed'),
  'impressions.parquet',
);

/**
 * `examples/newsfeed.study.yaml` on its log: a step function of the weights, whose optimum nobody knows. Undefined where
 * the log, which is not part of pondera, is not on this machine.
 */
export async function openNewsfeed(): Promise<Problem | undefined> {
  if (!existsSync(NEWSFEED_LOG)) return undefined;
  const { definition } = await readStudyFile(join(checkout, 'examples/newsfeed.study.yaml'), {});
  const { log } = await loadLog(definition, NEWSFEED_LOG);
  const heads = log.heads.map(({ name }) => name);
  const metrics = modelledMetrics(definition).map((name) => {
    const metric = parseLogMetric(name, heads);
    if (typeof metric === 'string') throw new RangeError(metric);
    return metric;
  });
  const scratch = createEvaluationScratch(log);
  return {
    name: 'newsfeed',
    study: (seed) => ({ ...definition, seed }),
    measure: (weights) => {
      const ordering = { weights: Float64Array.from(heads, (head) => weights[head]!) };
      return evaluate(log, ordering, metrics, scratch);
    },
    optimum: undefined,
  };
}
