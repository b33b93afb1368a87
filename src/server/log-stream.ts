import { write } from 'node:fs';

/** Lines that wait, in characters: beyond it new ones are dropped. */
const LONGEST_BACKLOG = 8e6;

/** How long a pipe that is full is left alone. */
const RETRY_MS = 20;

/** How long the last lines are waited for. */
const LONGEST_END_MS = 500;

/** Where log lines go. */
export interface LogStream {
  write(line: string): void;
  /** Waits for the last lines, as far as somebody reads them; nothing is written afterwards. */
  end(): Promise<void>;
}

/**
 * Writes lines to a file descriptor without ever waiting for its reader: where one is slow the lines wait, up to 8 million
 * characters, and where there is none they are dropped. A pipe must have been opened not to block.
 */
export function createLogStream(descriptor: number): LogStream {
  let lines: string[] = [];
  let backlog = 0;
  let rest: Uint8Array = new Uint8Array();
  let isWriting = false;
  let isOver = false;

  function go(): void {
    if (isOver) return;
    if (rest.length === 0) {
      if (lines.length === 0) {
        isWriting = false;
        return;
      }
      rest = Buffer.from(lines.join(''));
      lines = [];
      backlog = 0;
    }
    isWriting = true;
    write(descriptor, rest, (error, written) => {
      if (error === null) {
        rest = rest.subarray(written);
        go();
      } else if (error.code === 'EAGAIN') setTimeout(go, RETRY_MS).unref();
      else isOver = true;
    });
  }

  return {
    write(line) {
      if (isOver || backlog > LONGEST_BACKLOG) return;
      lines.push(line);
      backlog += line.length;
      if (!isWriting) go();
    },
    async end() {
      const end = performance.now() + LONGEST_END_MS;
      const mustWait = (): boolean => isWriting && !isOver && performance.now() < end;
      while (mustWait()) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      isOver = true;
    },
  };
}
