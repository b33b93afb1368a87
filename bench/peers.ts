import type { Method } from './races/exact-race.ts';
import { gapTables } from './races/gap-table.ts';
import { findOptuna } from './peers/find-optuna.ts';
import { openOptuna } from './peers/optuna.ts';
import { suggestTimes } from './peers/suggest-times.ts';
import { chosenProblems } from './races/problem-option.ts';
import { fourWeights } from './problems/four-weights.ts';
import { problems } from './problems/problems.ts';
import { exactLine } from './races/race-line.ts';
import { raceFigures } from './races/race-figures.ts';
import { type RaceOptions, withRaceOptions } from './races/race-options.ts';
import { rounded } from './rounded.ts';
import { type Figures, runBench } from './run-bench.ts';
import { runExactRaces } from './races/run-exact-races.ts';

const SEEDS = { full: 5, quick: 1 };
const TRIALS = { full: 30, quick: 30 };
const SUGGESTIONS = { full: 9, quick: 3 };
const OBSERVATIONS = [50, 200];

/** Where --problem is left out, without --quick: a box, islands, a simplex, and a simplex with guardrails. */
const DEFAULT_PROBLEMS = ['gramacy', 'gardner2', 'hartmann6-simplex', 'four-weights'];
const QUICK_PROBLEMS = ['gramacy', 'four-weights'];
const NAMES = problems.map(({ name }) => name);

await runBench<RaceOptions>(
  {
    name: 'peers',
    description:
      "The engine and Optuna's GPSampler on the same problems: gaps by trial, and how long a suggestion takes.",
    quick: 'one seed of two problems, in under 50 seconds',
  },
  async ({ quick, say, warn, problem: given, python, processes, ...options }): Promise<Figures> => {
    const found = findOptuna(python);
    if ('missing' in found) {
      warn(`${found.missing} (--python names another interpreter)`);
      return process.exit(2);
    }
    const size = quick ? 'quick' : 'full';
    const { seeds = SEEDS[size], trials = TRIALS[size] } = options;
    const names = chosenProblems(NAMES, given.length > 0 ? given : quick ? QUICK_PROBLEMS : DEFAULT_PROBLEMS);
    say(`Optuna ${found.version}, one thread each`);
    const figures = [await suggestFigures(python, SUGGESTIONS[size], say)];
    const runs = new Map<Method, number>([
      ['pondera', seeds],
      ['Optuna', seeds],
    ]);
    const races = await runExactRaces({
      problems: problems.filter(({ name }) => names.includes(name)),
      runs,
      trials,
      python,
      processes,
      onRace: (race) => say(exactLine(race, trials)),
    });
    say(`\n${gapTables(races, trials)}\n`);
    figures.push(...races.map((race) => raceFigures(race, trials)));
    return Object.assign({}, ...figures) as Figures;
  },
  (command) => withRaceOptions(command, { names: NAMES, usual: DEFAULT_PROBLEMS }, SEEDS, TRIALS),
);

/** `ours_ms_n50`, `optuna_ms_n50` and `optuna_over_ours_n50`, and the same after 200; nothing else runs beside them. */
async function suggestFigures(
  python: string,
  suggestions: number,
  say: (line: string) => void,
): Promise<Figures> {
  const optuna = openOptuna(python);
  const figures: Record<string, number> = {};
  for (const n of OBSERVATIONS) {
    const times = await suggestTimes(optuna, fourWeights, n, suggestions);
    const [ours, theirs] = [times.ours.toFixed(1), times.optuna.toFixed(1)];
    say(
      `a suggestion after ${n} observations of ${fourWeights.name}: pondera ${ours} ms, Optuna ${theirs} ms`,
    );
    figures[`ours_ms_n${n}`] = rounded(times.ours);
    figures[`optuna_ms_n${n}`] = rounded(times.optuna);
    figures[`optuna_over_ours_n${n}`] = rounded(times.optuna / times.ours);
  }
  await optuna.end();
  return figures;
}
