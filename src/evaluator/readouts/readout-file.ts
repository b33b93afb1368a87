import { DomainError } from '../../domain/errors.ts';
import { findLogFiles } from '../log/find-log-files.ts';
import type { FileContents, LogFile } from '../log/log-file.ts';
import { wholeFile } from '../read-log.ts';

const READOUT: FileContents = { name: 'readout', rows: 'rows of users or of arms' };

/** The files of a readout, whole, in the order of their names. Throws `readout_invalid`. */
export async function openReadoutFiles(
  path: string | readonly string[],
  httpfs?: string,
): Promise<readonly LogFile[]> {
  return ofReadout(async () => {
    const files: LogFile[] = [];
    for (const found of await findLogFiles(path, '', httpfs, READOUT.name)) {
      files.push(await wholeFile(found, READOUT));
    }
    return files;
  });
}

/** The same, with errors of files told as errors of the readout. */
export async function ofReadout<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DomainError) || !FILE_ERRORS.has(error.code)) throw error;
    throw new DomainError('readout_invalid', error.message, error.place, error.details);
  }
}

const FILE_ERRORS: ReadonlySet<DomainError['code']> = new Set(['log_unreadable', 'log_invalid']);
