import { DomainError, type ErrorCode } from '../domain/errors.ts';

/** An error whose code tells the file that it lies in, with that file. */
export function withFile(error: unknown, files: Partial<Record<ErrorCode, string>>): unknown {
  const file = error instanceof DomainError ? files[error.code] : undefined;
  return file ? (error as DomainError).at({ file }) : error;
}
