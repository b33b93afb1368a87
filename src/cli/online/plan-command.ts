import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import type { Clock } from '../../service/clock.ts';
import { integerOption } from '../integer-option.ts';
import { controlShareOption, fractionOption, positiveOption } from './number-options.ts';
import { numberPairOption, pairOption } from './pair-option.ts';
import type { PlanOptions } from './run-plan.ts';

/** `pondera plan STUDY`: how many arms the traffic carries, and what the models gain by how many. */
export function addPlanCommand(program: Command, clock: Clock): void {
  program
    .command('plan')
    .description(
      'how many arms the traffic carries: the smallest change each shows, and the expected gain, by number of arms',
    )
    .argument('<study>', 'name of the study, or its file')
    .requiredOption('--per-day <n>', 'users a day who are new to the experiment', positiveOption(1e11))
    .option('--days <n>', 'for so long', positiveOption(3650), 14)
    .option('--db <file>', 'trial history', 'pondera.db')
    .option('--most <k>', 'plans of 1 to so many arms', integerOption(1, 50), 12)
    .option(
      '--control <share>',
      "the baseline's share: equal, sharpest or a number",
      controlShareOption,
      'equal',
    )
    .addOption(
      new Option('--correction <how>', 'how the arms share the error')
        .choices(['dunnett', 'bonferroni', 'none'])
        .default('dunnett'),
    )
    .option('--alpha <p>', 'error of a metric, all arms together', fractionOption, 0.05)
    .option('--power <p>', 'probability of showing a change that is there', fractionOption, 0.8)
    .option(
      '--effect <metric=share>',
      'the smallest change that matters: saves=0.02 is 2 %; may be repeated',
      numberPairOption,
    )
    .option('--mean <metric=number>', 'mean over users; may be repeated', numberPairOption)
    .option('--sd <metric=number>', 'standard deviation over users; may be repeated', numberPairOption)
    .option('--readout <file>', 'users or arms of an A/A test, or of today, that tell means and spreads')
    .option('--arm <column>', 'its column of the arm', 'arm')
    .option('--user <column>', 'its column of the user', 'user_id')
    .option('--no-user', 'every row is another user')
    .option('--column <metric=column>', "a metric's column, where it has another name", pairOption)
    .option('--covariate <metric=column>', 'a column that sharpens the metric (CUPED)', pairOption)
    .option('--workers <n>', 'worker threads', integerOption(1, 64), availableParallelism())
    .option('--json', 'print the plan as JSON')
    .action(async (study: string, options: PlanOptions) => {
      const { runPlan } = await import('./run-plan.ts');
      await runPlan(study, options, clock);
    });
}
