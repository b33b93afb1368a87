import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { REQUEST_LENGTH } from './generated-impressions.ts';

const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
const SCRIPT = fileURLToPath(new URL('../../../bench/evaluator/sklearn_peer.py', import.meta.url));
const VERSION = 'import sklearn; print(sklearn.__version__)';

/** The metrics of all heads, a call each, and how long the calls took. */
const answerSchema = z.strictObject({
  seconds: z.number(),
  processorSeconds: z.number(),
  values: z.array(z.number()),
});
export type SklearnAnswer = z.output<typeof answerSchema>;

export type SklearnMetric = 'average_precision' | 'roc_auc' | 'ndcg';

/** scikit-learn in a Python process, on one thread. */
export interface SklearnProcess {
  readonly compute: (metric: SklearnMetric) => Promise<SklearnAnswer>;
  readonly end: () => Promise<void>;
}

/** The version of scikit-learn that an interpreter has, or in a few words why it cannot be used. */
export function findSklearn(python: string): { readonly version: string } | { readonly missing: string } {
  const { status, error, stdout, stderr } = spawnSync(python, ['-c', VERSION], { encoding: 'utf8' });
  if (error !== undefined) return { missing: `${python} cannot be run (${error.message})` };
  if (status === 0) return { version: stdout.trim() };
  const reason = stderr.trim().split('\n').at(-1)!;
  return { missing: `${python} cannot import scikit-learn (${reason}): pip install scikit-learn` };
}

/** Starts it on the utilities and labels of a log, which it reads from `folder` and keeps. */
export function openSklearn(
  python: string,
  folder: string,
  { heads }: EngagementLog,
  utility: Float64Array,
): SklearnProcess {
  writeFileSync(join(folder, 'utility.f64'), utility);
  heads.forEach(({ label }, h) => writeFileSync(join(folder, `label${h}.i8`), label));
  const child = spawn(python, [SCRIPT, folder, String(heads.length), String(REQUEST_LENGTH)], {
    env: { ...process.env, ...ONE_THREAD },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    compute: async (metric) => {
      child.stdin.write(`${JSON.stringify({ metric })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the Python process of scikit-learn has ended');
      return answerSchema.parse(JSON.parse(value));
    },
    end: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
