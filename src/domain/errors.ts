/** Every error that a user's input can cause. The HTTP status of each stands in `src/server/problem.ts`. */
export type ErrorCode =
  | 'study_invalid'
  | 'study_exists'
  | 'study_not_found'
  | 'study_changed'
  | 'study_unsupported'
  | 'study_archived'
  | 'precondition_failed'
  | 'precondition_required'
  | 'study_has_log'
  | 'study_objectives'
  | 'constraints_infeasible'
  | 'baseline_invalid'
  | 'metrics_invalid'
  | 'weights_invalid'
  | 'trial_not_found'
  | 'trial_state'
  | 'lease_lost'
  | 'idempotency_mismatch'
  | 'idempotency_in_flight'
  | 'budget_exhausted'
  | 'dataset_invalid'
  | 'dataset_exists'
  | 'dataset_not_found'
  | 'dataset_unusable'
  | 'sweep_not_found'
  | 'sweep_state'
  | 'sweeps_full'
  | 'experiment_invalid'
  | 'experiment_not_found'
  | 'experiment_state'
  | 'readout_invalid'
  | 'reading_ended'
  | 'log_unreadable'
  | 'log_invalid'
  | 'database_invalid'
  | 'disk_full'
  | 'request_invalid'
  | 'key_invalid'
  | 'deadline_passed'
  | 'service_stopping';

/** Where in the input the error lies: a file, a line in it, a JSON pointer; whichever are known. */
export interface ErrorPlace {
  readonly file?: string;
  readonly line?: number;
  /** RFC 6901, for example `/guardrails/0`. */
  readonly pointer?: string;
}

/** One thing that is wrong with an input, and where. */
export interface InputProblem {
  /** RFC 6901; empty for the input as a whole. */
  readonly pointer: string;
  readonly detail: string;
  /** In the input's file, where it came from one. */
  readonly line?: number;
}

/** What a program wants to know beyond the line; members of the problem document under the same names. */
export interface ErrorDetails {
  /** What is wrong, the first included, up to `MOST_PROBLEMS`. */
  readonly errors?: readonly InputProblem[];
  /** How many things are wrong, those beyond `MOST_PROBLEMS` counted too. */
  readonly problems?: number;
  /** The state that a trial or a sweep is in, where it should be in another. */
  readonly state?: string;
  /** The line of a body of lines, from 1 on. */
  readonly line?: number;
  /** How many of its trials are stored all the same. */
  readonly imported?: number;
}

/** Problems of one input that are told: more would help nobody, and an answer must not grow with what was sent. */
const MOST_PROBLEMS = 20;

/** What a person reads at once. */
const MOST_LINES = 10;

/**
 * An error with one clear line: what was found, where, and what is expected.
 *
 * `message` names what was found and what is expected; `place` says where, and is printed before it.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly place: ErrorPlace;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.place = place;
    this.details = details;
  }

  /** `study.yaml:12: weights.click: …` */
  get line(): string {
    const { file, line, pointer } = this.place;
    const where = [
      file === undefined ? undefined : line === undefined ? file : `${file}:${line}`,
      pointer === undefined || pointer === '' ? undefined : keysOf(pointer).join('.'),
    ].filter((part) => part !== undefined);
    return [...where, this.message].join(': ');
  }

  /** A line for each thing that is wrong with the input, the first ten of them, and how many more there are. */
  get lines(): readonly string[] {
    const { errors = [], problems = 0 } = this.details;
    if (errors.length < 2) return [this.line];
    const { file } = this.place;
    const shown = errors.slice(0, MOST_LINES).map(({ pointer, detail, line }) => {
      const place = { pointer, ...(file !== undefined && { file }), ...(line !== undefined && { line }) };
      return new DomainError(this.code, detail, place).line;
    });
    const more = problems - shown.length;
    return more > 0 ? [...shown, `and ${more} more`] : shown;
  }

  /** The same error, with more known about where it lies. */
  at(place: ErrorPlace): DomainError {
    return new DomainError(this.code, this.message, { ...place, ...this.place }, this.details);
  }
}

/** The error of an input with at least one problem: the line of the first, and how many more there are. */
export function inputError(
  code: ErrorCode,
  problems: readonly InputProblem[],
  place: ErrorPlace = {},
): DomainError {
  const [first, ...others] = problems;
  if (first === undefined) throw new RangeError('an input without a problem');
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const { pointer, detail } = first;
  const errors = problems.slice(0, MOST_PROBLEMS);
  const details = { errors, problems: problems.length };
  return new DomainError(code, `${detail}${more}`, { ...place, pointer }, details);
}

/** The JSON pointer (RFC 6901) to what stands under these keys. */
export function pointerOf(keys: readonly PropertyKey[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The keys of a JSON pointer. */
export function keysOf(pointer: string): readonly string[] {
  const keys = pointer.split('/').slice(1);
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
