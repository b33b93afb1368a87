import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `pondera serve`, running. */
export interface ServeProcess {
  /** Where it says that it listens; rejected where it ends before. */
  readonly address: Promise<string>;
  readonly ended: Promise<Ended>;
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Nobody reads what it writes there from now on. */
  closeStderr(): void;
}

const OPTIONS = ['--workers', '1', '--log-level', 'warn'];

export function serve(...options: readonly string[]): ServeProcess {
  return watched(spawn(process.execPath, [MAIN, 'serve', ...OPTIONS, ...options], { stdio: STDIO }));
}

/** The same in a shell that has run a command before, such as one that bounds what the process may do. */
export function serveIn(command: string, ...options: readonly string[]): ServeProcess {
  const args = [process.execPath, MAIN, 'serve', ...OPTIONS, ...options];
  return watched(spawn('bash', ['-c', `${command}; exec "$@"`, 'bash', ...args], { stdio: STDIO }));
}

const STDIO: StdioOptions = ['ignore', 'pipe', 'pipe'];

function watched(child: ChildProcess): ServeProcess {
  let [stdout, stderr] = ['', ''];
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const address = new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const found = /http:\/\/[^/]+:\d+/.exec(stdout)?.[0];
      if (found !== undefined) resolve(found);
    });
    ended.then(() => reject(new Error(`it ended before it listened: ${stderr}`)), reject);
  });
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  address.catch(() => undefined);
  return {
    address,
    ended,
    pid: child.pid!,
    kill: (signal) => child.kill(signal),
    closeStderr: () => child.stderr!.destroy(),
  };
}
