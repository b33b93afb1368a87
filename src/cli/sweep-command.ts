import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import type { Clock } from '../service/clock.ts';
import { integerOption } from './integer-option.ts';
import { memoryOption } from './memory-option.ts';
import type { SweepOptions } from './run-sweep.ts';
import { shareOption } from './share-option.ts';

/** `pondera sweep STUDY.yaml`: runs a study's trials on its log and prints what it found. */
export function addSweepCommand(program: Command, clock: Clock): void {
  program
    .command('sweep')
    .description(
      'run the trials of a study on its log of impressions; the same command goes on after an interruption',
    )
    .argument('<study>', 'study file (YAML)')
    .addOption(
      new Option(
        '--log <path>',
        'the log of impressions, a file or a pattern, instead of the one the study names',
      ).env('PONDERA_LOG'),
    )
    .option('--db <file>', 'trial history', 'pondera.db')
    .option('--seed <n>', "instead of the study's seed", integerOption(0, 2 ** 31 - 1))
    .option('--trials <n>', "instead of the study's budget", integerOption(1, 2000))
    .option(
      '--holdout <share>',
      "hold out this share of the study's log, by user where it has users, and score the result there again",
      shareOption,
    )
    .option(
      '--bootstrap <n>',
      'bootstrap the best trial with so many replicates and print its intervals, paired ones of the changes',
      integerOption(2, 10_000),
    )
    .addOption(
      new Option(
        '--form <form>',
        "instead of the study's log.form: rows in memory, or histogram, which scans files that memory does not hold",
      ).choices(['rows', 'histogram']),
    )
    .option(
      '--workers <n>',
      'worker threads; the result does not depend on it',
      integerOption(1, 64),
      availableParallelism(),
    )
    .option(
      '--memory <amount>',
      "memory that the log and evaluating it may take, such as 4GB (default: half of the machine's); a larger log is binned",
      memoryOption,
    )
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: SweepOptions) => {
      const { runSweep } = await import('./run-sweep.ts');
      await runSweep(file, options, clock);
    });
}
