import type { StudyDefinition } from '../domain/study.ts';
import type { Observations, Weights } from '../domain/trial.ts';
import type { BinnedLog } from '../evaluator/histogram/binned-log.ts';
import { boundedMetrics, checkDefined } from '../evaluator/histogram/bounded-metrics.ts';
import { evaluatedMetrics } from './evaluated-metrics.ts';
import { type Evaluate, orderingOf } from './log-evaluator.ts';

interface Waiting {
  readonly weights: Weights | null;
  readonly resolve: (observations: Observations) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Measures on a log in the histogram form, within bounds. What is asked for at the same moment, such as the initial trials, shares
 * scans of the log.
 *
 * Throws `log_invalid` where the log leaves a metric undefined.
 */
export function binnedEvaluator(definition: StudyDefinition, log: BinnedLog): Evaluate {
  const metrics = evaluatedMetrics(definition, log);
  checkDefined(log, metrics);
  let waiting: Waiting[] = [];
  let scans = Promise.resolve();
  const scanFor = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const found = await log.histograms(batch.map(({ weights }) => orderingOf(log, weights)));
      batch.forEach(({ resolve }, i) => resolve(boundedMetrics(log, metrics, found[i]!)));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const scanForAll = (): void => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += log.orderingsAtOnce) {
      const batch = all.slice(from, from + log.orderingsAtOnce);
      scans = scans.then(() => scanFor(batch));
    }
  };
  return (weights) =>
    new Promise((resolve, reject) => {
      waiting.push({ weights, resolve, reject });
      if (waiting.length === 1) queueMicrotask(scanForAll);
    });
}
