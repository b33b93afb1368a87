import { integerOption } from '../src/cli/integer-option.ts';
import { batchOption } from './races/batch-option.ts';
import { type Method, referenceOf } from './races/exact-race.ts';
import { gapTables } from './races/gap-table.ts';
import { noisyFigures } from './races/noisy-summary.ts';
import { noisyTable } from './races/noisy-table.ts';
import { findOptuna } from './peers/find-optuna.ts';
import { chosenProblems } from './races/problem-option.ts';
import { eightWeights } from './problems/eight-weights.ts';
import { findProblem, PROBLEM_NAMES } from './problems/find-problem.ts';
import { fourWeights } from './problems/four-weights.ts';
import { gardner2 } from './problems/gardner2.ts';
import { hartmann6Simplex } from './problems/hartmann6-simplex.ts';
import { NEWSFEED_LOG } from './problems/newsfeed.ts';
import type { Problem } from './problems/problem.ts';
import { smallRegion } from './problems/small-region.ts';
import { exactLine, noisyLine } from './races/race-line.ts';
import { raceFigures } from './races/race-figures.ts';
import { type RaceOptions, shown, withRaceOptions } from './races/race-options.ts';
import { type Figures, runBench } from './run-bench.ts';
import { runExactRaces } from './races/run-exact-races.ts';
import { runNoisyRaces } from './races/run-noisy-races.ts';

interface RegretOptions extends RaceOptions {
  readonly optunaSeeds?: number;
  readonly noisyTrials?: number;
  readonly batch: readonly number[];
}

const SEEDS = { full: 10, quick: 2 };
const OPTUNA_SEEDS = { full: 10, quick: 1 };
const TRIALS = { full: 50, quick: 30 };
const NOISY_TRIALS = { full: 64, quick: 32 };
const BATCHES = [6, 8];

const NOISY: readonly Problem[] = [gardner2, hartmann6Simplex, fourWeights, smallRegion, eightWeights];
const noisyName = ({ name }: Problem): string => `${name}-noisy`;
const NAMES = [...PROBLEM_NAMES, ...NOISY.map(noisyName)];

await runBench<RegretOptions>(
  {
    name: 'regret',
    description:
      'How far from the optimum the best feasible trial is by count of trials, beside Sobol points and, where it is found, Optuna; with noise, what the trial named as best is worth.',
    quick: 'few seeds, 30 trials, in about 2 minutes instead of 20 to 40',
  },
  async ({ quick, say, warn, problem, batch, python, processes, ...options }): Promise<Figures> => {
    const size = quick ? 'quick' : 'full';
    const { seeds = SEEDS[size], trials = TRIALS[size], noisyTrials = NOISY_TRIALS[size] } = options;
    const largest = Math.max(...batch);
    if (largest > noisyTrials) {
      warn(`--noisy-trials ${noisyTrials}: expected at least one whole batch of ${largest} (--batch)`);
      return process.exit(2);
    }
    const names = chosenProblems(NAMES, problem);
    const problems = await findProblems(names, warn);
    const optunaSeeds = options.optunaSeeds ?? options.seeds ?? OPTUNA_SEEDS[size];
    const runs = new Map<Method, number>([
      ['pondera', seeds],
      ['Sobol', seeds],
    ]);
    if (problems.length > 0 && optunaSeeds > 0) {
      const found = findOptuna(python);
      if ('version' in found) {
        say(`Optuna ${found.version}`);
        runs.set('Optuna', optunaSeeds);
      } else {
        warn(`Optuna's rows are missing: ${found.missing} (--python names another interpreter)`);
      }
    }
    const exact = await runExactRaces({
      problems,
      runs,
      trials,
      python,
      processes,
      onRace: (race) => say(exactLine(race, trials)),
    });
    const noisy = await runNoisyRaces({
      problems: NOISY.filter((each) => names.includes(noisyName(each))),
      batches: batch,
      trials: noisyTrials,
      seeds,
      processes,
      onRace: (race) => say(noisyLine(race)),
    });
    if (exact.length > 0) say(`\n${gapTables(exact, trials)}\n`);
    for (const race of exact.filter((each) => each.problem.optimum === undefined)) {
      say(`${race.problem.name}: gaps are from the best value of this run, ${referenceOf(race) ?? 'none'}\n`);
    }
    for (const races of batch.map((each) => noisy.filter((race) => race.batch === each))) {
      if (races.length > 0) say(`${noisyTable(races)}\n`);
    }
    const figures = [...exact.map((race) => raceFigures(race, trials)), ...noisy.map(noisyFigures)];
    return Object.assign({}, ...figures) as Figures;
  },
  (command) =>
    withRaceOptions(command, { names: NAMES }, SEEDS, TRIALS)
      .option(
        '--optuna-seeds <n>',
        `runs of Optuna, 0 for none (default: as --seeds, with --quick ${OPTUNA_SEEDS.quick})`,
        integerOption(0, 1000),
      )
      .option('--batch <sizes>', 'sizes of the batches with noise, a comma list', batchOption, BATCHES)
      .option(
        '--noisy-trials <n>',
        `candidates of each run with noise, in whole batches (default: ${shown(NOISY_TRIALS)})`,
        integerOption(1, 500),
      ),
);

/** The problems without noise of these names that are on this machine. */
async function findProblems(
  names: readonly string[],
  warn: (line: string) => void,
): Promise<readonly Problem[]> {
  const found = await Promise.all(names.filter((name) => PROBLEM_NAMES.includes(name)).map(findProblem));
  if (found.includes(undefined)) {
    warn(`newsfeed is not run: ${NEWSFEED_LOG} is not here (PONDERA_NEWSFEED names its folder)`);
  }
  return found.filter((problem) => problem !== undefined);
}
