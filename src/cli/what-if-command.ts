import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { Clock } from '../service/clock.ts';
import { integerOption } from './integer-option.ts';
import type { WhatIfOptions } from './run-what-if.ts';

/** `pondera whatif STUDY`: the best stored trial under other guardrails, and what each guardrail costs. */
export function addWhatIfCommand(program: Command, clock: Clock): void {
  program
    .command('whatif')
    .description('answer a stored study under other guardrails, from its trials alone')
    .argument('<study>', 'name of the study')
    .option('--db <file>', 'trial history', 'pondera.db')
    .option(
      '--guardrail <text>',
      'instead of the guardrails on its metric, such as "click.average_precision >= 0.95 * baseline"; may be repeated',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .option('--workers <n>', 'worker threads', integerOption(1, 64), availableParallelism())
    .option('--json', 'print the result as JSON')
    .action(async (study: string, options: WhatIfOptions) => {
      const { runWhatIf } = await import('./run-what-if.ts');
      await runWhatIf(study, options, clock);
    });
}
