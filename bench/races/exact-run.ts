import type { Trial } from '../../src/domain/trial.ts';
import { answerJobs } from '../answer-jobs.ts';
import { bestFeasible, type BestFeasible } from './best-feasible.ts';
import type { ExactJob } from './run-exact-races.ts';
import { openOptuna, type OptunaProcess } from '../peers/optuna.ts';
import { runOptuna } from '../peers/run-optuna.ts';
import { findProblem } from '../problems/find-problem.ts';
import { runSobol } from './run-sobol.ts';
import { runStudy } from './run-study.ts';

/** One for all jobs of this process: it takes seconds to start. */
let optuna: OptunaProcess | undefined;

answerJobs<ExactJob, BestFeasible>(
  async (job) => {
    const { study } = (await findProblem(job.problem))!;
    return bestFeasible(study(job.seed), await trialsOf(job));
  },
  () => void optuna?.end(),
);

async function trialsOf({ problem, method, seed, trials, python }: ExactJob): Promise<readonly Trial[]> {
  const { study, measure } = (await findProblem(problem))!;
  const definition = study(seed);
  if (method === 'pondera') return runStudy(definition, measure, trials);
  if (method === 'Sobol') return runSobol(definition, measure, trials);
  optuna ??= openOptuna(python);
  return runOptuna(optuna, definition, measure, trials);
}
