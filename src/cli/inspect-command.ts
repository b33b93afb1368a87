import { type Command, Option } from 'commander';
import { memoryOption } from './memory-option.ts';
import type { InspectOptions } from './run-inspect.ts';

/** `pondera inspect STUDY.yaml`: what a study's log holds, before any sweep. */
export function addInspectCommand(program: Command): void {
  program
    .command('inspect')
    .description('report on the log of a study, with warnings; log and heads of the study are enough')
    .argument('<study>', 'study file (YAML)')
    .addOption(
      new Option(
        '--log <path>',
        'the log of impressions, a file or a pattern, instead of the one the study names',
      ).env('PONDERA_LOG'),
    )
    .option(
      '--memory <amount>',
      "memory that reading the log may take, such as 4GB (default: half of the machine's)",
      memoryOption,
    )
    .option('--svg <folder>', 'write a reliability diagram of each head there, as HEAD.reliability.svg')
    .option('--json', 'print the report as JSON')
    .action(async (file: string, options: InspectOptions) => {
      const { runInspect } = await import('./run-inspect.ts');
      await runInspect(file, options);
    });
}
