import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import type { Clock } from '../../service/clock.ts';
import { integerOption } from '../integer-option.ts';
import { fractionOption } from './number-options.ts';
import type { AnalyseOptions } from './run-analyse.ts';

/** `pondera analyse STUDY`: what a round of experiments says, by itself and with all that is known. */
export function addAnalyseCommand(program: Command, clock: Clock): void {
  program
    .command('analyse')
    .description(
      'lifts, intervals and guardrails of a round that was read out, and what log and rounds together say',
    )
    .argument('<study>', 'name of the study, or its file')
    .option('--db <file>', 'trial history', 'pondera.db')
    .option('--round <n>', 'which round (default: the last)', integerOption(1, 10_000))
    .option('--alpha <p>', 'error of the intervals of a metric, all arms together', fractionOption, 0.05)
    .addOption(
      new Option('--correction <how>', 'how the arms share that error')
        .choices(['dunnett', 'bonferroni', 'none'])
        .default('dunnett'),
    )
    .option('--workers <n>', 'worker threads', integerOption(1, 64), availableParallelism())
    .option('--json', 'print the analysis as JSON')
    .action(async (study: string, options: AnalyseOptions) => {
      const { runAnalyse } = await import('./run-analyse.ts');
      await runAnalyse(study, options, clock);
    });
}
