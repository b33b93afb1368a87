import type { ErrorCode } from '../domain/errors.ts';
import type { DuckDbBounds } from '../evaluator/log/with-duckdb.ts';
import type { ExpectedReadout, ReadoutFile, ReadoutFileRequest } from './read-readout-file.ts';

/** Which file a process reads. */
export interface ReadoutTask {
  /** Its name says the format and the compression. */
  readonly path: string;
  readonly request: Omit<ReadoutFileRequest, 'path' | 'httpfs' | 'bounds'>;
  readonly expected: ExpectedReadout;
  readonly bounds: DuckDbBounds;
}

/** What a process has come to; the last that it tells. */
export type ReadoutEnd =
  | { readonly kind: 'read'; readonly read: ReadoutFile }
  /** What is wrong with the file; no path is in it. */
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      readonly line?: number | undefined;
      readonly pointer?: string | undefined;
    }
  /** A fault of the program, for the log of the service. */
  | { readonly kind: 'failed'; readonly text: string }
  /** It told nothing: its code or signal, and the last that it wrote. */
  | { readonly kind: 'ended'; readonly how: string; readonly stderr: string };

/** A process that reads one file. */
export interface ReadoutProcess {
  /** When nothing of it is left. */
  readonly ended: Promise<ReadoutEnd>;
  readonly kill: () => void;
}

export type StartReadoutProcess = (task: ReadoutTask) => ReadoutProcess;
