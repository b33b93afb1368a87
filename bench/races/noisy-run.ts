import { answerJobs } from '../answer-jobs.ts';
import { nextBatch } from './next-batch.ts';
import type { NoisyJob } from './run-noisy-races.ts';
import { type NamedTrial, runNoisyStudy } from './noisy-study.ts';
import { findProblem } from '../problems/find-problem.ts';
import { nextSobolBatch } from './run-sobol.ts';

answerJobs<NoisyJob, readonly (NamedTrial | undefined)[]>(
  async ({ problem: name, method, seed, batch, batches }) => {
    const problem = (await findProblem(name))!;
    const choose = method === 'pondera' ? nextBatch : nextSobolBatch;
    return runNoisyStudy(problem, choose, seed, batch, batches);
  },
);
