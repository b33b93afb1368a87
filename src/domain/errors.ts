/** Every error that a user's input can cause. The HTTP status of each stands in `src/server/problem.ts`. */
export type ErrorCode =
  | 'study_invalid'
  | 'study_exists'
  | 'study_not_found'
  | 'study_changed'
  | 'study_unsupported'
  | 'constraints_infeasible'
  | 'baseline_invalid'
  | 'metrics_invalid'
  | 'trial_not_found'
  | 'trial_state'
  | 'budget_exhausted'
  | 'log_unreadable'
  | 'log_invalid'
  | 'database_invalid'
  | 'request_invalid';

/** Where in the input the error lies: a file, a line in it, a JSON pointer; whichever are known. */
export interface ErrorPlace {
  readonly file?: string;
  readonly line?: number;
  /** RFC 6901, for example `/guardrails/0`. */
  readonly pointer?: string;
}

/**
 * An error with one clear line: what was found, where, and what is expected.
 *
 * `message` names what was found and what is expected; `place` says where, and is printed before it.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly place: ErrorPlace;

  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}) {
    super(message);
    this.code = code;
    this.place = place;
  }

  /** `study.yaml:12: weights.click: …` */
  get line(): string {
    const { file, line, pointer } = this.place;
    const where = [
      file === undefined ? undefined : line === undefined ? file : `${file}:${line}`,
      pointer === undefined || pointer === '' ? undefined : pointer.slice(1).replaceAll('/', '.'),
    ].filter((part) => part !== undefined);
    return [...where, this.message].join(': ');
  }

  /** The same error, with more known about where it lies. */
  at(place: ErrorPlace): DomainError {
    return new DomainError(this.code, this.message, { ...place, ...this.place });
  }
}
