import { integerOption } from '../src/cli/integer-option.ts';
import { type ExactRace, gapCurves, record } from './exact-race.ts';
import { figureName, formatGap, gapFigures } from './gap-summary.ts';
import { gapTable } from './gap-table.ts';
import { openOptuna, optunaVersion } from './peers/optuna.ts';
import { runOptuna } from './peers/run-optuna.ts';
import { suggestTimes } from './peers/suggest-times.ts';
import { chosenProblems, withProblemOption } from './problem-option.ts';
import { fourWeights } from './problems/four-weights.ts';
import { problems } from './problems/problems.ts';
import { type Figures, runBench } from './run-bench.ts';
import { runStudy } from './run-study.ts';

/** Our engine and Optuna's GPSampler on the same problems: gaps by trial, and how long a suggestion takes. */
interface PeersOptions {
  readonly problem: readonly string[];
  readonly seeds?: number;
  readonly trials: number;
  readonly python: string;
}

const SEEDS = 5;
const QUICK_SEEDS = 1;
const SUGGESTIONS = 9;
const QUICK_SUGGESTIONS = 3;
const OBSERVATIONS = [50, 200];

/** Where --problem is left out, without --quick: a box, islands, a simplex, and a simplex with guardrails. */
const DEFAULT_PROBLEMS = ['gramacy', 'gardner2', 'hartmann6-simplex', 'four-weights'];
const QUICK_PROBLEMS = ['gramacy', 'four-weights'];
const NAMES = problems.map(({ name }) => name);

await runBench<PeersOptions>(
  'peers',
  async ({ quick, say, problem: given, trials, python, ...options }): Promise<Figures> => {
    const version = optunaVersion(python);
    if (version === undefined) {
      process.stderr.write(
        `bench:peers: ${python} cannot import optuna 5 or newer with torch: pip install optuna torch (--python names another interpreter)\n`,
      );
      return process.exit(2);
    }
    const optuna = openOptuna(python);
    const seeds = options.seeds ?? (quick ? QUICK_SEEDS : SEEDS);
    const names = chosenProblems(NAMES, given.length > 0 ? given : quick ? QUICK_PROBLEMS : DEFAULT_PROBLEMS);
    const races = problems
      .filter(({ name }) => names.includes(name))
      .map((problem): ExactRace => ({ problem, bests: new Map() }));
    say(`Optuna ${version}, one thread each`);
    const figures: Record<string, number> = {};
    for (const n of OBSERVATIONS) {
      const times = await suggestTimes(optuna, fourWeights, n, quick ? QUICK_SUGGESTIONS : SUGGESTIONS);
      const [ours, theirs] = [times.ours.toFixed(1), times.optuna.toFixed(1)];
      say(
        `a suggestion after ${n} observations of ${fourWeights.name}: pondera ${ours} ms, Optuna ${theirs} ms`,
      );
      figures[`ours_ms_n${n}`] = rounded(times.ours);
      figures[`optuna_ms_n${n}`] = rounded(times.optuna);
      figures[`optuna_over_ours_n${n}`] = rounded(times.optuna / times.ours);
    }
    for (let seed = 0; seed < seeds; seed++) {
      const start = performance.now();
      for (const race of races) {
        const { study, measure } = race.problem;
        record(race, 'pondera', seed, runStudy(study(seed), measure, trials));
        record(race, 'Optuna', seed, await runOptuna(optuna, study(seed), measure, trials));
      }
      say(`seed ${seed} (${((performance.now() - start) / 1000).toFixed(1)} s): ${lastGaps(races, seed)}`);
    }
    await optuna.end();
    const rows = races.flatMap((race) =>
      ['pondera', 'Optuna'].map((method) => ({
        problem: race.problem.name,
        method,
        curves: gapCurves(race, method),
      })),
    );
    say(`\n${gapTable(rows, trials)}\n`);
    for (const race of races) {
      const name = figureName(race.problem.name);
      Object.assign(figures, gapFigures(name, gapCurves(race, 'pondera'), trials));
      Object.assign(figures, gapFigures(`optuna_${name}`, gapCurves(race, 'Optuna'), trials));
    }
    return figures;
  },
  (command) =>
    withProblemOption(command, NAMES, DEFAULT_PROBLEMS)
      .option(
        '--seeds <n>',
        `runs of each problem (${SEEDS}, with --quick ${QUICK_SEEDS})`,
        integerOption(1, 1000),
      )
      .option('--trials <n>', 'candidates of each run', integerOption(1, 500), 30)
      .option('--python <path>', 'interpreter that has optuna and torch', 'python3'),
);

function lastGaps(races: readonly ExactRace[], seed: number): string {
  return races
    .map((race) => {
      const [ours, theirs] = ['pondera', 'Optuna'].map((method) => gapCurves(race, method)[seed]!.at(-1));
      return `${race.problem.name} ${formatGap(ours)} and ${formatGap(theirs)}`;
    })
    .join(', ');
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
