import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import type { Clock } from '../../service/clock.ts';
import { integerOption } from '../integer-option.ts';
import { fractionOption, positiveOption } from './number-options.ts';
import type { RecommendOptions } from './run-recommend.ts';

/** `pondera recommend STUDY`: ship an arm, run another round, or stop, and why. */
export function addRecommendCommand(program: Command, clock: Clock): void {
  program
    .command('recommend')
    .description(
      'what to do after the rounds so far: ship an arm, run another round with these arms, or stop, and why',
    )
    .argument('<study>', 'name of the study, or its file')
    .option('--db <file>', 'trial history', 'pondera.db')
    .option(
      '--arms <k>',
      'arms of the next round (default: as many as were asked of the last)',
      integerOption(1, 50),
    )
    .addOption(
      new Option('--generator <how>', 'which arms the models choose').choices([
        'noisy_expected_improvement',
        'thompson',
      ]),
    )
    .option('--seed <n>', "instead of the study's seed", integerOption(0, 2 ** 31 - 1))
    .option('--rounds-left <n>', "instead of what the study's rounds leave", integerOption(0, 100))
    .option('--confidence <p>', 'probability of keeping all guardrails that shipping takes', fractionOption)
    .option('--relevant <gain>', 'gain that is worth another round, such as 0.01 for 1 %', positiveOption(10))
    .option('--workers <n>', 'worker threads', integerOption(1, 64), availableParallelism())
    .option('--json', 'print the recommendation as JSON')
    .action(async (study: string, options: RecommendOptions) => {
      const { runRecommend } = await import('./run-recommend.ts');
      await runRecommend(study, options, clock);
    });
}
