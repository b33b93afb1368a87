import { bootstrap } from '../../src/evaluator/bootstrap.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluateWithErrors, influencesOf } from '../../src/evaluator/evaluate-with-errors.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createInfluenceScratch } from '../../src/evaluator/influence/influences.ts';
import { drawResamples } from '../../src/evaluator/replicates/resamples.ts';
import { median } from '../median.ts';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';
import { metricsOfHeads } from './metrics-of-heads.ts';
import { milliseconds, processorMilliseconds } from './milliseconds.ts';

const REPLICATES = 200;
const RUNS = 5;

interface Times {
  readonly wall: number[];
  readonly busy: number[];
}

/**
 * What uncertainty costs on one thread, in evaluations without it, all of the average precision of four heads: standard errors
 * with paired ones in one pass, and a bootstrap with its draws. Medians; `_processor` of processor times.
 */
export function uncertainty(log: EngagementLog, weights: Float64Array, say: (line: string) => void): Figures {
  const measured = { metrics: metricsOfHeads('average_precision'), combinations: [] };
  const scratch = createEvaluationScratch(log);
  const influences = createInfluenceScratch(log);
  const equal = { weights: weights.map(() => 1) };
  const baseline = influencesOf(log, equal, measured, scratch, influences);
  const calls = {
    one: () => void evaluate(log, { weights }, measured.metrics, scratch),
    errors: () => void evaluateWithErrors(log, { weights }, measured, baseline, scratch, influences),
    replicates: () =>
      void bootstrap(log, { weights }, measured, drawResamples(influences.units, REPLICATES, 1), scratch),
  };
  const times: Record<keyof typeof calls, Times> = {
    one: { wall: [], busy: [] },
    errors: { wall: [], busy: [] },
    replicates: { wall: [], busy: [] },
  };
  const take = (name: keyof typeof calls): void => {
    const { wall, busy } = times[name];
    busy.push(processorMilliseconds(() => wall.push(milliseconds(calls[name]))));
  };
  for (let warmUp = 0; warmUp < RUNS; warmUp++) calls.one();
  calls.errors();
  for (let run = 0; run < RUNS; run++) {
    take('one');
    take('errors');
  }
  take('replicates');
  const [one, errors, replicates] = [times.one, times.errors, times.replicates].map(({ wall, busy }) => ({
    wall: median(wall)!,
    busy: median(busy)!,
  }));
  say(
    `average precision of 4 heads on ${log.rows} rows: ${one!.wall.toFixed(0)} ms, with standard errors ${errors!.wall.toFixed(0)} ms, ` +
      `${REPLICATES} replicates of the bootstrap ${replicates!.wall.toFixed(0)} ms; ` +
      `of processors ${[one, errors, replicates].map((each) => each!.busy.toFixed(0)).join(', ')} ms`,
  );
  return {
    influence_se_vs_one: rounded(errors!.wall / one!.wall),
    influence_se_vs_one_processor: rounded(errors!.busy / one!.busy),
    bootstrap200_vs_one: rounded(replicates!.wall / one!.wall),
    bootstrap200_vs_one_processor: rounded(replicates!.busy / one!.busy),
  };
}
