#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { DomainError } from '../domain/errors.ts';
import { addDatasetsCommand } from './datasets-command.ts';
import { PACKAGE_VERSION } from '../server/package-version.ts';
import { addDbCommand } from './db-command.ts';
import { addExplainCommand } from './explain-command.ts';
import { addInspectCommand } from './inspect-command.ts';
import { addKeysCommand } from './keys-command.ts';
import { addModelCommand } from './model-command.ts';
import { addServeCommand } from './serve-command.ts';
import { addAnalyseCommand } from './online/analyse-command.ts';
import { addArmsCommand } from './online/arms-command.ts';
import { addPlanCommand } from './online/plan-command.ts';
import { addReadoutCommand } from './online/readout-command.ts';
import { addRecommendCommand } from './online/recommend-command.ts';
import { addOpenApiCommand } from './openapi-command.ts';
import { addSweepCommand } from './sweep-command.ts';
import { addWhatIfCommand } from './what-if-command.ts';

/** A mistake in the input, as against a fault of the program (1). */
const INPUT_ERROR = 2;

const program = new Command('pondera')
  .description('Bayesian optimisation of ranking utility weights')
  .version(PACKAGE_VERSION)
  .exitOverride();
const clock = (): string => new Date().toISOString();
addSweepCommand(program, clock);
addInspectCommand(program);
addServeCommand(program, clock);
addOpenApiCommand(program);
addModelCommand(program);
addWhatIfCommand(program, clock);
addExplainCommand(program);
addPlanCommand(program, clock);
addArmsCommand(program, clock);
addReadoutCommand(program, clock);
addAnalyseCommand(program, clock);
addRecommendCommand(program, clock);
addKeysCommand(program, clock);
addDatasetsCommand(program, clock);
addDbCommand(program);
pointToHelp(program);

// Who reads the result may stop early; who reads the progress may too, and the sweep goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`pondera: the result cannot be written: ${error.code}\n`);
  process.exit(1);
});
process.stderr.on('error', () => {});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** After a mistake the help of the command in which it was made is named, `pondera keys create --help` too. */
function pointToHelp(command: Command, path = command.name()): void {
  command.showHelpAfterError(`(${path} --help lists what there is)`);
  for (const child of command.commands) pointToHelp(child, `${path} ${child.name()}`);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : INPUT_ERROR;
  if (error instanceof DomainError) {
    for (const line of error.lines) process.stderr.write(`pondera: ${printable(line)}\n`);
    return INPUT_ERROR;
  }
  process.stderr.write(`pondera: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

/** Control characters, which a broken file may hold, would drive the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
