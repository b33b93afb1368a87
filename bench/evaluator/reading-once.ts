import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { median } from '../median.ts';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';
import { metricsOfHeads } from './metrics-of-heads.ts';
import { milliseconds } from './milliseconds.ts';

const RUNS = 9;

/** The floor: how much longer the average precision of four heads takes than reading scores and labels once. */
export function overReadingOnce(
  log: EngagementLog,
  weights: Float64Array,
  say: (line: string) => void,
): Figures {
  const metrics = metricsOfHeads('average_precision');
  const scratch = createEvaluationScratch(log);
  const first = milliseconds(() => void evaluate(log, { weights }, metrics, scratch));
  const times = { evaluating: [] as number[], reading: [] as number[] };
  for (let run = 0; run < RUNS; run++) {
    times.evaluating.push(milliseconds(() => void evaluate(log, { weights }, metrics, scratch)));
    times.reading.push(milliseconds(() => void readOnce(log)));
  }
  const [evaluating, reading] = [median(times.evaluating)!, median(times.reading)!];
  say(
    `average precision of 4 heads: ${evaluating.toFixed(0)} ms, the first time, which packs the labels, ${first.toFixed(0)} ms; ` +
      `reading scores and labels once: ${reading.toFixed(0)} ms`,
  );
  return { ap4_over_reading_once: rounded(evaluating / reading) };
}

function readOnce({ heads }: EngagementLog): number {
  let sum = 0;
  for (const { probability, label } of heads) sum += sumOf(probability) + sumOfLabels(label);
  return sum;
}

function sumOf(values: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i + 3 < values.length; i += 4) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
  }
  return a + b + c + d;
}

/** Four labels a word. */
function sumOfLabels({ buffer, byteOffset, length }: Int8Array): number {
  const words = new Int32Array(buffer, byteOffset, length >> 2);
  let bits = 0;
  for (let i = 0; i < words.length; i++) bits ^= words[i]!;
  return bits;
}
