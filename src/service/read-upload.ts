import { DomainError } from '../domain/errors.ts';
import type { ReadoutFile } from './read-readout-file.ts';
import type { ReadoutTask, StartReadoutProcess } from './readout-process.ts';

/** How a process ends that memory was taken from, by V8 or by the system. */
const FOR_WANT_OF_MEMORY: ReadonlySet<string> = new Set(['SIGABRT', 'SIGKILL', '134', '137']);

/**
 * Reads a file in a process of its own, which is ended where `signal` is aborted: what it rejects with is the signal's reason then, once
 * nothing of the process is left.
 *
 * Throws what `readReadoutFile` throws, without any path.
 */
export async function readUpload(
  start: StartReadoutProcess,
  task: ReadoutTask,
  signal: AbortSignal,
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
      if (FOR_WANT_OF_MEMORY.has(end.how)) throw broken(end.how);
      throw new Error(`the process that read a readout ended (${end.how}): ${end.stderr}`);
  }
}

function broken(how: string): DomainError {
  return new DomainError(
    'readout_invalid',
    `the process that read the file broke down (${how}), most likely for want of memory: expected shorter lines, or fewer rows or columns`,
  );
}
