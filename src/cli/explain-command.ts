import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { integerOption } from './integer-option.ts';
import { memoryOption } from './memory-option.ts';
import type { ExplainOptions } from './run-explain.ts';
import { shareOption } from './share-option.ts';
import { toleranceOption } from './tolerance-option.ts';

/** `pondera explain STUDY.yaml`: what the best trial of a stored sweep means, with a look at the log. */
export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description(
      "explain a sweep's best trial: near-optimal weights, what each head does to the ranking, rounded weights",
    )
    .argument('<study>', 'study file (YAML) of a sweep that is stored')
    .addOption(
      new Option('--log <path>', 'the log of impressions, instead of the one the study names').env(
        'PONDERA_LOG',
      ),
    )
    .option('--db <file>', 'trial history', 'pondera.db')
    .option('--seed <n>', "instead of the study's seed", integerOption(0, 2 ** 31 - 1))
    .option(
      '--within <loss>',
      'what near-optimal weights may lose of the objective, such as 0.5% or 0.001',
      toleranceOption,
    )
    .option('--step <x>', "instead of the study's step: round the weights to multiples of it", stepOption)
    .option('--top <k>', 'places in which rankings are compared', integerOption(1, 1_000_000), 10)
    .option('--holdout <share>', "instead of the study's hold-out: as the sweep was given", shareOption)
    .option(
      '--memory <amount>',
      "memory that reading the log may take, such as 4GB (default: half of the machine's)",
      memoryOption,
    )
    .option(
      '--workers <n>',
      'worker threads; the result does not depend on it',
      integerOption(1, 64),
      availableParallelism(),
    )
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: ExplainOptions) => {
      const { runExplain } = await import('./run-explain.ts');
      await runExplain(file, options);
    });
}

function stepOption(text: string): number {
  const value = Number(text);
  if (!(text.trim() !== '' && value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('Expected a number above 0, such as 0.05.');
  }
  return value;
}
