import { DomainError, type ErrorCode } from '../domain/errors.ts';

/** Runs a use case whose input stands under a key of the body: places of errors with this code are below it. */
export async function problemWithin<Result>(
  key: string,
  code: ErrorCode,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DomainError && error.code === code)) throw error;
    const { message, place, details } = error;
    const errors = details.errors?.map((problem) => ({ ...problem, pointer: `/${key}${problem.pointer}` }));
    throw new DomainError(
      code,
      message,
      { ...place, pointer: `/${key}${place.pointer ?? ''}` },
      { ...details, ...(errors && { errors }) },
    );
  }
}
