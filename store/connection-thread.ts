import { parentPort, workerData } from 'node:worker_threads';
import { DomainError } from '../src/domain/errors.ts';
import { connect, type Connection, type StatementAnswer } from './connection.ts';

/** Given to the thread when it starts. */
export interface ThreadTask {
  readonly file: string;
  readonly busyTimeoutMs: number;
}

/** Statements are run in the order in which they arrive; without `sql` the connection is closed, and the thread ends. */
export interface ThreadRequest {
  readonly sql?: string;
  readonly parameters?: readonly unknown[];
}

/** An error of each kind, without the class that structured cloning would strip. */
export type ThreadFailure =
  | { readonly problem: Pick<DomainError, 'code' | 'message' | 'place' | 'details'> }
  | { readonly fault: { readonly message: string; readonly stack: string | undefined } };

/** One a request, in their order; the first, to none, says whether the file was opened. */
export type ThreadAnswer = StatementAnswer | ThreadFailure;

const port = parentPort!;

function failureOf(error: unknown): ThreadFailure {
  if (error instanceof DomainError) {
    const { code, message, place, details } = error;
    return { problem: { code, message, place, details } };
  }
  if (error instanceof Error) return { fault: { message: error.message, stack: error.stack } };
  return { fault: { message: String(error), stack: undefined } };
}

function serve(connection: Connection): void {
  port.on('message', ({ sql, parameters = [] }: ThreadRequest) => {
    let answer: ThreadAnswer;
    try {
      if (sql === undefined) {
        connection.close();
        answer = { rows: [], changes: 0 };
      } else answer = connection.execute(sql, parameters);
    } catch (error) {
      answer = failureOf(error);
    }
    port.postMessage(answer);
    if (sql === undefined) port.close();
  });
}

async function open({ file, busyTimeoutMs }: ThreadTask): Promise<void> {
  try {
    serve(await connect(file, busyTimeoutMs));
    port.postMessage({ rows: [], changes: 0 } satisfies ThreadAnswer);
  } catch (error) {
    port.postMessage(failureOf(error));
    port.close();
  }
}

await open(workerData as ThreadTask);
