import { integerOption } from '../src/cli/integer-option.ts';
import { type ExactRace, gapCurves, record, referenceOf } from './exact-race.ts';
import { formatGap, gapFigures } from './gap-summary.ts';
import { type GapRow, gapTable } from './gap-table.ts';
import { type NoisyRace, noisyFigures, noisyTable, trueGap } from './noisy-race.ts';
import { runNoisyStudy } from './noisy-study.ts';
import { chosenProblems, withProblemOption } from './problem-option.ts';
import { axCurve, fourWeights } from './problems/four-weights.ts';
import { gardner2 } from './problems/gardner2.ts';
import { hartmann6Simplex } from './problems/hartmann6-simplex.ts';
import { NEWSFEED_LOG, openNewsfeed } from './problems/newsfeed.ts';
import type { Problem } from './problems/problem.ts';
import { problems } from './problems/problems.ts';
import { type Figures, runBench } from './run-bench.ts';
import { runSobol } from './run-sobol.ts';
import { runStudy } from './run-study.ts';

/** How far from the optimum the engine is after so many trials, with and without noise; Sobol points beside it. */
interface RegretOptions {
  readonly problem: readonly string[];
  readonly seeds?: number;
  readonly trials: number;
}

const SEEDS = 10;
const QUICK_SEEDS = 2;
const BATCH = 8;
const BATCHES = 8;
const QUICK_BATCHES = 4;

const NOISY: readonly Problem[] = [gardner2, hartmann6Simplex, fourWeights];
const noisyName = ({ name }: Problem): string => `${name}-noisy`;
const NAMES = [...problems.map(({ name }) => name), 'newsfeed', ...NOISY.map(noisyName)];

await runBench<RegretOptions>(
  'regret',
  async ({ quick, say, problem: given, trials, ...options }) => {
    const names = chosenProblems(NAMES, given);
    const seeds = options.seeds ?? (quick ? QUICK_SEEDS : SEEDS);
    const batches = quick ? QUICK_BATCHES : BATCHES;
    const newsfeed = names.includes('newsfeed') ? await openNewsfeed() : undefined;
    if (names.includes('newsfeed') && newsfeed === undefined) {
      say(`newsfeed skipped: ${NEWSFEED_LOG} is not here (PONDERA_NEWSFEED names its folder)`);
    }
    const chosen = [...problems, ...(newsfeed === undefined ? [] : [newsfeed])];
    const exact = chosen
      .filter(({ name }) => names.includes(name))
      .map((problem): ExactRace => ({ problem, bests: new Map() }));
    const noisy = NOISY.filter((problem) => names.includes(noisyName(problem))).map((problem): NoisyRace => ({
      problem,
      runs: [],
    }));
    for (let seed = 0; seed < seeds; seed++) {
      const start = performance.now();
      for (const race of exact) {
        const { study, measure } = race.problem;
        record(race, 'pondera', seed, runStudy(study(seed), measure, trials));
        record(race, 'Sobol', seed, runSobol(study(seed), measure, trials));
      }
      for (const { problem, runs } of noisy) runs.push(runNoisyStudy(problem, seed, BATCH, batches));
      say(progressLine(seed, exact, noisy, performance.now() - start));
    }
    if (exact.length > 0) say(`\n${gapTable(exact.flatMap(gapRows), trials)}\n`);
    for (const race of exact.filter(({ problem }) => problem.optimum === undefined)) {
      say(`${race.problem.name}: gaps are from the best value of this run, ${referenceOf(race) ?? 'none'}\n`);
    }
    if (noisy.length > 0) say(`${noisyTable(noisy, BATCH)}\n`);
    return Object.assign(
      {},
      ...exact.map((race) => gapFigures(race.problem.name, gapCurves(race, 'pondera'), trials)),
      ...noisy.map((race) => noisyFigures(race, BATCH)),
    ) as Figures;
  },
  (command) =>
    withProblemOption(command, NAMES)
      .option(
        '--seeds <n>',
        `runs of each problem (${SEEDS}, with --quick ${QUICK_SEEDS})`,
        integerOption(1, 1000),
      )
      .option('--trials <n>', 'candidates of each run without noise', integerOption(1, 500), 30),
);

function progressLine(
  seed: number,
  exact: readonly ExactRace[],
  noisy: readonly NoisyRace[],
  ms: number,
): string {
  const gaps = [
    ...exact.map((race) => [race.problem.name, gapCurves(race, 'pondera')[seed]!.at(-1)] as const),
    ...noisy.map(({ problem, runs }) => [noisyName(problem), trueGap(problem, runs[seed]!.at(-1))] as const),
  ];
  const shown = gaps.map(([name, gap]) => `${name} ${formatGap(gap)}`).join(', ');
  return `seed ${seed} (${(ms / 1000).toFixed(1)} s): ${shown}`;
}

function gapRows(race: ExactRace): readonly GapRow[] {
  const { name } = race.problem;
  const rows = ['pondera', 'Sobol'].map((method) => ({
    problem: name,
    method,
    curves: gapCurves(race, method),
  }));
  if (race.problem !== fourWeights) return rows;
  const curves = axCurve.ax.runs.map(({ gap_by_trial }) => gap_by_trial.map((gap) => gap ?? undefined));
  return [...rows, { problem: name, method: 'Ax', curves }];
}
