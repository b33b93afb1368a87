import { type Command, Option } from 'commander';
import { REFUSING_GATES } from '../../domain/gates.ts';
import type { Clock } from '../../service/clock.ts';
import { integerOption } from '../integer-option.ts';
import { momentOption } from './moment-option.ts';
import { listOption, pairOption } from './pair-option.ts';
import type { ReadoutOptions } from './run-readout.ts';

/** `pondera readout STUDY FILE`: stores what an experiment measured, once the gates let it pass. */
export function addReadoutCommand(program: Command, clock: Clock): void {
  program
    .command('readout')
    .description(
      'store what a round of experiments measured so far: rows of users, of arms, or JSON; it is checked first',
    )
    .argument('<study>', 'name of the study, or its file')
    .argument(
      '<file>',
      'CSV, NDJSON or Parquet of one row a user, or of one an arm and metric (metric, mean, sem, n); or .json',
    )
    .option('--db <file>', 'trial history', 'pondera.db')
    .option('--round <n>', 'of which round (default: the last)', integerOption(1, 10_000))
    .option('--arm <column>', 'of rows of users: which arm', 'arm')
    .option('--user <column>', 'who the row is of; rows of one user are summed', 'user_id')
    .option('--no-user', 'every row is another user')
    .option(
      '--metric <name>',
      'read this metric alone; may be repeated (default: all of the study)',
      listOption,
    )
    .option(
      '--column <metric=column>',
      "a metric's column, where it has another name; may be repeated",
      pairOption,
    )
    .option(
      '--covariate <metric=column>',
      'a column of the time before the experiment, which sharpens the metric (CUPED); may be repeated',
      pairOption,
    )
    .option('--empty-is-zero', 'take empty numbers for 0')
    .option('--adjusted', 'rows of arms: their errors are of adjusted means (CUPED or the like)')
    .option('--start <day>', 'when users began to be assigned (default: as planned)', momentOption)
    .option('--end <day>', 'until when users were assigned (default: as planned)', momentOption)
    .option(
      '--matures <day>',
      'when the last users have had their time to engage (default: the end)',
      momentOption,
    )
    .addOption(
      new Option('--force <gate...>', 'store it although this gate refuses it, which is recorded').choices(
        REFUSING_GATES,
      ),
    )
    .option('--reason <text>', 'why it is forced, which is recorded too')
    .option('--json', 'print the stored readout as JSON')
    .action(async (study: string, file: string, options: ReadoutOptions) => {
      const { runReadout } = await import('./run-readout.ts');
      await runReadout(study, file, options, clock);
    });
}
