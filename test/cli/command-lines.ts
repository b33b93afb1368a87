import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../e2e/run-pondera.ts';

export interface CommandLine {
  readonly args: readonly string[];
  readonly cwd: string;
}

export type Printed = Pick<Outcome, 'code' | 'stdout' | 'stderr'>;

const CHILD = fileURLToPath(new URL('./command-lines-child.js', import.meta.url));

/**
 * Runs command lines one after another in one process, which loads the modules once instead of once for each.
 *
 * `src/cli/main.ts` itself runs anew for each, with the arguments, folder and streams of its own.
 */
export async function runCommandLines(commandLines: readonly CommandLine[]): Promise<readonly Printed[]> {
  const { PONDERA_LOG: _, ...env } = process.env;
  const child = spawn(process.execPath, [CHILD], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(commandLines));
  return JSON.parse(await text(child.stdout)) as readonly Printed[];
}
