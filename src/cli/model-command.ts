import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { integerOption } from './integer-option.ts';
import type { ModelOptions } from './run-model.ts';

/** `pondera model STUDY`: how well the models of a stored study foretell its trials. */
export function addModelCommand(program: Command): void {
  program
    .command('model')
    .description('print the models of a stored study, and how well they foretell its trials')
    .argument('<study>', 'name of the study')
    .option('--db <file>', 'trial history', 'pondera.db')
    .option('--workers <n>', 'worker threads', integerOption(1, 64), availableParallelism())
    .option('--json', 'print the result as JSON')
    .action(async (study: string, options: ModelOptions) => {
      const { runModel } = await import('./run-model.ts');
      await runModel(study, options);
    });
}
