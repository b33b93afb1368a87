import { nextTrialNumber } from '../../src/domain/trial.ts';
import { openComputePool } from '../../src/service/compute-pool.ts';
import { nextCandidates } from '../../src/service/next-candidates.ts';
import { completed, running } from '../races/run-study.ts';
import { generatedProblem } from './generated-problem.ts';
import { studyHistory } from './study-history.ts';
import type { SuggestRun, SuggestSetting } from './suggest-run.ts';

const WORKERS = 2;
const KB_PER_MB = 1024;

const setting = JSON.parse(process.argv[2]!) as SuggestSetting;
const { dimension, observations, noisy, batch, warm } = setting;
const { definition, trials, observe } = studyHistory(generatedProblem(dimension), 0, observations, noisy);
const pool = openComputePool(WORKERS);
await pool.ready;
const known = [...trials];
const times: number[] = [];
for (let i = 0; i <= warm; i++) {
  const begun = performance.now();
  const [first] = await nextCandidates(pool, definition, known, batch);
  times.push(performance.now() - begun);
  known.push(completed(running(nextTrialNumber(known), first!), observe(first!.weights)));
}
const run: SuggestRun = {
  coldMs: times[0]!,
  warmMs: times.slice(1),
  peakMb: process.resourceUsage().maxRSS / KB_PER_MB,
};
await pool.close();
process.send!(run);
process.disconnect();
