import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { writeUtility } from '../../src/evaluator/utility.ts';
import { median } from '../median.ts';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';
import { metricsOfHeads } from './metrics-of-heads.ts';
import { milliseconds, processorMilliseconds } from './milliseconds.ts';
import { openSklearn, type SklearnMetric, type SklearnProcess } from './sklearn.ts';
import { openPair, type Pair } from './team.ts';

/** Both compute the same sums of doubles in another order. */
const TOLERANCE = 1e-12;

/** Our runs beside each of scikit-learn's, which are longer. */
const OURS_PER_ROUND = 5;

const METRICS = [
  ['average_precision', 'average_precision'],
  ['roc_auc', 'roc_auc'],
  ['ndcg@10{empty=zero}', 'ndcg'],
] as const;

const FIGURES = {
  average_precision: 'ap4_vs_sklearn',
  roc_auc: 'auc4_vs_sklearn',
  ndcg: 'ndcg_vs_sklearn',
} as const;

interface Times {
  readonly ours: number[];
  readonly two: number[];
  readonly theirs: number[];
  /** Of one thread, on the processor. */
  readonly oursBusy: number[];
  readonly theirsBusy: number[];
}

/**
 * Metrics of four heads by one evaluation, utilities included, and by four calls of scikit-learn on given utilities; both in
 * turns, medians of each. The ratio of processor times (`_processor`) is that of one thread where other processes run beside. Throws where a value differs.
 */
export async function againstSklearn(
  log: EngagementLog,
  weights: Float64Array,
  python: string,
  rounds: number,
  say: (line: string) => void,
): Promise<Figures> {
  const utility = new Float64Array(log.rows);
  writeUtility(log, { weights }, utility);
  const folder = await mkdtemp(join(tmpdir(), 'pondera-bench-'));
  const sklearn = openSklearn(python, folder, log, utility);
  const figures: Record<string, number> = {};
  try {
    for (const [kind, metric] of METRICS) {
      const pair = metric === 'ndcg' ? undefined : await openPair(log, metricsOfHeads(kind));
      const times = await interleaved(log, weights, kind, metric, sklearn, pair, rounds);
      await pair?.close();
      const [ours, two, theirs] = [times.ours, times.two, times.theirs].map((of) => median(of)!);
      const ratio = rounded(theirs! / ours!);
      const busy = rounded(median(times.theirsBusy)! / median(times.oursBusy)!);
      const twice = pair === undefined ? '' : `, on two ${two!.toFixed(0)} ms`;
      say(
        `${kind} of 4 heads: pondera ${ours!.toFixed(0)} ms on one thread${twice}, scikit-learn ${theirs!.toFixed(0)} ms; ` +
          `${busy} times as much processor time`,
      );
      figures[`${FIGURES[metric]}_processor`] = busy;
      if (pair === undefined) figures[FIGURES[metric]] = ratio;
      else {
        const name = metric === 'roc_auc' ? FIGURES[metric] : `${FIGURES[metric]}_1thread`;
        figures[name] = ratio;
        figures[`${FIGURES[metric]}_2threads`] = rounded(theirs! / two!);
      }
    }
  } finally {
    await sklearn.end();
    await rm(folder, { recursive: true });
  }
  return figures;
}

async function interleaved(
  log: EngagementLog,
  weights: Float64Array,
  kind: string,
  metric: SklearnMetric,
  sklearn: SklearnProcess,
  pair: Pair | undefined,
  rounds: number,
): Promise<Times> {
  const metrics = metricsOfHeads(kind);
  const scratch = createEvaluationScratch(log);
  const times: Times = { ours: [], two: [], theirs: [], oursBusy: [], theirsBusy: [] };
  const one = (): readonly number[] => Object.values(evaluate(log, { weights }, metrics, scratch));
  const expected = one();
  for (let warmUp = 0; warmUp < OURS_PER_ROUND; warmUp++) {
    one();
    if (pair !== undefined) agree('two threads', pair.evaluate(weights, scratch), expected, 0);
  }
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < OURS_PER_ROUND; i++) {
      times.oursBusy.push(processorMilliseconds(() => times.ours.push(milliseconds(one))));
      if (pair !== undefined) times.two.push(milliseconds(() => void pair.evaluate(weights, scratch)));
    }
    const { seconds, processorSeconds, values } = await sklearn.compute(metric);
    times.theirs.push(1000 * seconds);
    times.theirsBusy.push(1000 * processorSeconds);
    agree('scikit-learn', values, expected, TOLERANCE);
  }
  return times;
}

function agree(
  who: string,
  values: readonly (number | undefined)[],
  expected: readonly number[],
  tolerance: number,
): void {
  expected.forEach((value, k) => {
    if (!(Math.abs(values[k]! - value) <= tolerance)) {
      throw new Error(`${who} has ${values[k]} where one thread has ${value}`);
    }
  });
}
