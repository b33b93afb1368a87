import { DomainError } from '../domain/errors.ts';
import { NOT_STARTED } from './log-process.ts';
import type { ReadoutFile } from './read-readout-file.ts';
import type { ReadoutTask, StartReadoutProcess } from './readout-process.ts';

/** How a process ends that its file takes too much memory of. */
const BROKEN_BY_FILE: ReadonlySet<string> = new Set(['SIGABRT', '134']);

/** How one ends that somebody else has ended: the system for want of memory, or who runs it. */
const ENDED_FROM_OUTSIDE: ReadonlySet<string> = new Set(['SIGKILL', '137', NOT_STARTED]);

/**
 * Reads a file in a process of its own, which is ended where `signal` is aborted: what it rejects with is the signal's reason then, once
 * nothing of the process is left. `onFailure` is told how a process has ended by itself, and the last that it wrote.
 *
 * Throws what `readReadoutFile` throws, without any path, and `reading_ended`.
 */
export async function readUpload(
  start: StartReadoutProcess,
  task: ReadoutTask,
  signal: AbortSignal,
  onFailure: (line: string) => void,
): Promise<ReadoutFile> {
  signal.throwIfAborted();
  const { ended, kill } = start(task);
  signal.addEventListener('abort', kill, { once: true });
  const end = await ended.finally(() => signal.removeEventListener('abort', kill));
  signal.throwIfAborted();
  switch (end.kind) {
    case 'read':
      return end.read;
    case 'refused': {
      const { code, message, line, pointer } = end;
      throw new DomainError(
        code,
        message,
        { ...(pointer !== undefined && { pointer }) },
        { ...(line !== undefined && { line }) },
      );
    }
    case 'failed':
      throw new Error(`the process that read a readout failed: ${end.text}`);
    case 'ended':
      throw brokenDown(end.how, end.stderr, onFailure);
  }
}

function brokenDown(how: string, stderr: string, onFailure: (line: string) => void): Error {
  const error = BROKEN_BY_FILE.has(how)
    ? broken(how)
    : ENDED_FROM_OUTSIDE.has(how)
      ? endedFromOutside(how)
      : undefined;
  if (error === undefined) return new Error(`the process that read a readout ended (${how}): ${stderr}`);
  onFailure(`${error.message} ${stderr}`.trim());
  return error;
}

function broken(how: string): DomainError {
  return new DomainError(
    'readout_invalid',
    `the process that read the file broke down (${how}), most likely for want of memory: expected shorter lines, or fewer rows or columns`,
  );
}

function endedFromOutside(how: string): DomainError {
  return new DomainError(
    'reading_ended',
    `the process that reads the file was ended (${how}), perhaps for want of memory, and nothing of it is stored: expected the same request again`,
  );
}
