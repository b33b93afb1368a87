import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { EXPORT_FORMAT_NAMES } from '../../domain/export-format.ts';
import type { Clock } from '../../service/clock.ts';
import { integerOption } from '../integer-option.ts';
import { memoryOption } from '../memory-option.ts';
import { momentOption } from './moment-option.ts';
import { controlShareOption, fractionOption, positiveOption } from './number-options.ts';
import { listOption } from './pair-option.ts';
import type { ArmsOptions } from './run-arms.ts';

/** What says how a round is planned, by the names that commander gives options. */
const OF_A_NEW_ROUND = [
  'arms',
  'add',
  'start',
  'days',
  'units',
  'control',
  'unit',
  'name',
  'seed',
  'generator',
  'promised',
  'feasible',
  'merge',
];

/** `pondera arms STUDY`: plans the next round of experiments, or prints one that is planned. */
export function addArmsCommand(program: Command, clock: Clock): void {
  program
    .command('arms')
    .description("plan the next round of a study's experiments: the baseline and the arms to run beside it")
    .argument('<study>', 'name of the study, or its file')
    .option('--db <file>', 'trial history', 'pondera.db')
    .addOption(
      new Option('--round <n>', 'print this round, which is stored, and plan none')
        .argParser(integerOption(1, 10_000))
        .conflicts([...OF_A_NEW_ROUND, 'end']),
    )
    .option('--arms <k>', 'how many arms the study chooses', integerOption(0, 50), 8)
    .option(
      '--add <weights>',
      'an arm picked by hand: click=0.5,save=0.5, with a name (bold: click=…) or without, or a file of arms; may be repeated',
      listOption,
    )
    .option('--start <day>', 'when users begin to be assigned (default: today)', momentOption)
    .option('--days <n>', 'for so long', positiveOption(3650), 14)
    .option('--units <n>', 'users that are planned in all arms together', positiveOption(1e11))
    .option(
      '--coverage <share>',
      'share of all traffic that takes part (default: 1); with --round and --export, instead of what was planned',
      positiveOption(1),
    )
    .option(
      '--control <share>',
      "the baseline's share: equal to each arm's, the sharpest for so many arms, or a number",
      controlShareOption,
      'equal',
    )
    .option('--unit <attribute>', "the attribute that says who a user is (default: the platform's)")
    .option('--name <key>', 'name of the experiment (default: the study and the round)')
    .option('--seed <n>', "instead of the study's seed", integerOption(0, 2 ** 31 - 1))
    .addOption(
      new Option('--generator <how>', 'of rounds after the first: which arms the models choose')
        .choices(['noisy_expected_improvement', 'thompson'])
        .default('noisy_expected_improvement'),
    )
    .option(
      '--promised <n>',
      'in the first round, how many arms are what the log promises',
      integerOption(0, 3),
      2,
    )
    .option(
      '--feasible <p>',
      'in the first round, the least probability by the models of the trials that an arm keeps the guardrails',
      fractionOption,
    )
    .addOption(
      new Option(
        '--log <path>',
        "the study's log: arms are measured on it, and those that rank it alike merged",
      ).env('PONDERA_LOG'),
    )
    .option('--merge <tau>', "merge arms of which Kendall's tau is above this", fractionOption, 0.95)
    .option('--top <k>', 'places in which rankings are compared', integerOption(1, 1000), 10)
    .addOption(
      new Option('--export <format>', 'print the flag of a platform instead: json is a plain form').choices(
        EXPORT_FORMAT_NAMES,
      ),
    )
    .addOption(
      new Option('--end <n>', 'end this round instead, as one that is not run')
        .argParser(integerOption(1, 10_000))
        .conflicts([...OF_A_NEW_ROUND, 'coverage', 'export']),
    )
    .option('--reason <text>', 'why it is ended')
    .option(
      '--memory <amount>',
      "memory that reading the log may take, such as 4GB (default: half of the machine's)",
      memoryOption,
    )
    .option('--workers <n>', 'worker threads', integerOption(1, 64), availableParallelism())
    .option('--json', 'print the experiment as JSON')
    .action(async (study: string, options: ArmsOptions, command: Command) => {
      if (options.round !== undefined && options.coverage !== undefined && options.export === undefined) {
        command.error(
          "error: option '--round <n>' cannot be used with option '--coverage <share>' but for '--export <format>'",
        );
      }
      const { runArms } = await import('./run-arms.ts');
      await runArms(study, options, clock);
    });
}
