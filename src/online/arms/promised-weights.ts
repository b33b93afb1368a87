import type { OnlineDefinition } from '../../domain/online.ts';
import type { Weights } from '../../domain/trial.ts';
import type { LoggedWeights } from './online-evidence.ts';

/** What the guardrails are tightened by on the log, whose lifts need not be those online (docs/adr/0035-what-the-log-is-worth-online.md). */
const TIGHTENED = [0, 0.02, 0.04];

export interface PromisedWeights {
  readonly weights: Weights;
  readonly tightened: number;
}

/**
 * The best of the logged weights for the objective by the log's metric of it, under the guardrails by the log's metrics of
 * them, as they are and stricter; each once, none where nothing beats the baseline.
 *
 * factor·b is tightened to (factor ± t)·b for t = 0, 0.02, 0.04, b the log's value of the baseline. Metrics of which the log knows
 * nothing do not count. `baseline` by the log; undefined where it was not measured.
 */
export function promisedWeights(
  { metrics, objective, guardrails }: OnlineDefinition,
  logged: readonly LoggedWeights[],
  baseline: Readonly<Record<string, number>> | undefined,
): readonly PromisedWeights[] {
  const ofObjective = metrics[objective.metric]!.offline;
  if (ofObjective === undefined || baseline?.[ofObjective] === undefined) return [];
  const sign = objective.direction === 'minimize' ? -1 : 1;
  const bounds = guardrails.flatMap(({ metric, relation, factor }) => {
    const offline = metrics[metric]!.offline;
    const value = offline === undefined ? undefined : baseline[offline];
    return offline === undefined || value === undefined ? [] : [{ offline, relation, factor, value }];
  });
  const promised: PromisedWeights[] = [];
  for (const tightened of TIGHTENED) {
    let best: Weights | undefined;
    let most = sign * baseline[ofObjective];
    for (const { weights, metrics: values } of logged) {
      const worth = values[ofObjective] === undefined ? -Infinity : sign * values[ofObjective];
      const met = bounds.every(({ offline, relation, factor, value }) =>
        relation === '>='
          ? values[offline]! >= (factor + tightened) * value
          : values[offline]! <= (factor - tightened) * value,
      );
      if (!met || !(worth > most)) continue;
      most = worth;
      best = weights;
    }
    if (best !== undefined && promised.every(({ weights }) => weights !== best)) {
      promised.push({ weights: best, tightened });
    }
  }
  return promised;
}
