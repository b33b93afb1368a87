import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { integerOption } from '../../src/cli/integer-option.ts';
import { withProblemOption } from './problem-option.ts';

/** What every race of methods lets its user choose. */
export interface RaceOptions {
  readonly problem: readonly string[];
  readonly seeds?: number;
  readonly trials?: number;
  readonly python: string;
  readonly processes: number;
}

/** A number where the user gives none, with --quick another. */
export interface Usual {
  readonly full: number;
  readonly quick: number;
}

/** Adds the options, and says what holds where they are left out. */
export function withRaceOptions(
  command: Command,
  problems: { readonly names: readonly string[]; readonly usual?: readonly string[] },
  seeds: Usual,
  trials: Usual,
): Command {
  return withProblemOption(command, problems.names, problems.usual)
    .option('--seeds <n>', `runs of each problem (default: ${shown(seeds)})`, integerOption(1, 1000))
    .option('--trials <n>', `candidates of each run (default: ${shown(trials)})`, integerOption(1, 500))
    .addOption(
      new Option('--python <path>', 'interpreter that has optuna 5 or newer and torch')
        .env('PONDERA_PYTHON')
        .default('python3'),
    )
    .option('--processes <n>', 'runs beside each other', integerOption(1, 64), availableParallelism());
}

export function shown({ full, quick }: Usual): string {
  return `${full}, with --quick ${quick}`;
}
