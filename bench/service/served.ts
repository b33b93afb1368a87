import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ask } from './ask.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** How often is looked whether the service is ready. */
const READY_CHECK_MS = 5;

const LONGEST_START_MS = 60_000;

/** `pondera serve` in a process of its own. */
export interface Served {
  readonly address: string;
  /** From the start of the process until `/readyz` answers 200. */
  readonly readyMs: number;
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** What it wrote to standard error. */
  readonly stderr: () => string;
}

/** A process that has been started, and may be killed before it is ready. */
export interface Starting extends Pick<Served, 'ended' | 'kill' | 'stderr'> {
  /** Undefined where it ended before. */
  readonly ready: Promise<Served | undefined>;
}

/** Starts the service on the database; `options` are those of `pondera serve`. */
export function startServing(db: string, ...options: readonly string[]): Starting {
  const start = performance.now();
  const args = [MAIN, 'serve', '--db', db, '--rate', '0', '--log-level', 'warn', ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  const told = (): string => stderr;
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const listening = new Promise<string | undefined>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const address = /http:\/\/[^/]+:\d+/.exec(stdout)?.[0];
      if (address !== undefined) resolve(address);
    });
    ended.then(
      () => resolve(undefined),
      () => resolve(undefined),
    );
  });
  const ready = async (): Promise<Served | undefined> => {
    const address = await listening;
    if (address === undefined) return undefined;
    while (child.exitCode === null && child.signalCode === null) {
      if ((await ask(address, 'GET', '/readyz'))?.status === 200) {
        return { address, readyMs: performance.now() - start, pid: child.pid!, ended, kill, stderr: told };
      }
      if (performance.now() - start > LONGEST_START_MS) break;
      await setTimeout(READY_CHECK_MS);
    }
    return undefined;
  };
  return { ready: ready(), ended, kill, stderr: told };
}

/** Starts the service and waits until it is ready. Throws what it said where it never is. */
export async function serveDatabase(db: string, ...options: readonly string[]): Promise<Served> {
  const starting = startServing(db, '--port', '0', ...options);
  const served = await starting.ready;
  if (served === undefined) throw new Error(`the service did not start: ${starting.stderr()}`);
  return served;
}

/** Stops the service as an operator does. Throws where it does not end well. */
export async function stopServing({ kill, ended, stderr }: Served): Promise<void> {
  kill('SIGTERM');
  const { code } = await ended;
  if (code !== 0) throw new Error(`the service ended with ${code}: ${stderr()}`);
}
