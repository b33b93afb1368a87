import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a command line ended, and all that it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs in its own process. */
export interface RunningPondera {
  readonly outcome: Promise<Outcome>;
  /** Resolves when so many lines stand on stderr, or when the process has ended. */
  lines(count: number): Promise<void>;
  /** Whether the signal met a process that was alive. */
  kill(signal: NodeJS.Signals): boolean;
}

export interface RunOptions {
  readonly cwd?: string;
  /** The user to run as; only root may choose. */
  readonly uid?: number;
  /** Besides what this process has. */
  readonly env?: Readonly<Record<string, string>>;
}

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** Starts `pondera …` as a user's shell would: a process of its own, neither stream a terminal. */
export function startPondera(args: readonly string[], options: RunOptions = {}): RunningPondera {
  const { PONDERA_LOG: _, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    ...options,
    // Written by each process, in a folder that another user may not write to.
    env: { ...env, ...options.env, NODE_V8_COVERAGE: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    const count = stderr.split('\n').length - 1;
    for (const { resolve } of waiting.filter((waiter) => waiter.count <= count)) resolve();
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const waiter of waiting) waiter.resolve();
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    outcome,
    lines: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        const isOver = child.exitCode !== null || child.signalCode !== null;
        if (isOver || stderr.split('\n').length - 1 >= count) resolve();
      }),
    kill: (signal) => child.kill(signal),
  };
}

/** Runs `pondera …` to its end. */
export function runPondera(args: readonly string[], options?: RunOptions): Promise<Outcome> {
  return startPondera(args, options).outcome;
}

/** Runs to its end with code 0, and gives what it printed. */
export async function printedBy(args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, signal, stdout, stderr } = await runPondera(args, options);
  if (code !== 0) throw new Error(`pondera ${args.join(' ')} ended with ${code ?? signal}: ${stderr}`);
  return stdout;
}
