import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { DomainError, type ErrorCode } from '../domain/errors.ts';
import { requestIdOf } from './request-id.ts';

/** The HTTP status of every domain error. */
export const STATUS: Readonly<Record<ErrorCode, number>> = {
  study_invalid: 422,
  study_exists: 409,
  study_not_found: 404,
  study_changed: 409,
  study_unsupported: 422,
  study_archived: 409,
  precondition_failed: 412,
  precondition_required: 428,
  study_has_log: 409,
  study_objectives: 409,
  constraints_infeasible: 422,
  baseline_invalid: 422,
  metrics_invalid: 422,
  weights_invalid: 422,
  trial_not_found: 404,
  trial_state: 409,
  lease_lost: 409,
  idempotency_mismatch: 422,
  idempotency_in_flight: 409,
  budget_exhausted: 409,
  dataset_invalid: 422,
  dataset_exists: 409,
  dataset_not_found: 404,
  dataset_unusable: 409,
  sweep_not_found: 404,
  sweep_state: 409,
  sweeps_full: 429,
  experiment_invalid: 422,
  experiment_not_found: 404,
  experiment_state: 409,
  readout_invalid: 422,
  reading_ended: 503,
  log_unreadable: 422,
  log_invalid: 422,
  database_invalid: 503,
  disk_full: 507,
  request_invalid: 422,
  key_invalid: 422,
  deadline_passed: 503,
  service_stopping: 503,
};

const inputProblemSchema = z.strictObject({
  pointer: z.string().describe('RFC 6901; empty for the body as a whole.'),
  detail: z.string(),
});

/** RFC 9457. What is wrong with the body has its JSON pointer there, where it is known. */
export const problemSchema = z
  .strictObject({
    type: z.string().regex(/^urn:pondera:problem:[a-z_]+$/),
    title: z.string().min(1),
    status: z.int().min(400).max(599),
    detail: z.string().min(1).describe('What was found and what is expected.'),
    pointer: z.string().exactOptional().describe('Where the first of `errors` lies.'),
    errors: z
      .array(inputProblemSchema)
      .readonly()
      .exactOptional()
      .describe('All that is wrong with the body, up to 20.'),
    state: z.string().exactOptional().describe('The state that the trial or the sweep is in.'),
    line: z
      .int()
      .min(1)
      .exactOptional()
      .describe('The line of an import that is wrong, from 1 on; pointers are within it.'),
    imported: z
      .int()
      .min(0)
      .exactOptional()
      .describe('How many trials an import has stored before it ended.'),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' });

export type Problem = Readonly<z.output<typeof problemSchema>>;

const TITLES: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict with the current state',
  412: 'Precondition failed',
  413: 'Request too large',
  415: 'Unsupported media type',
  421: 'Misdirected request',
  422: 'Invalid content',
  428: 'Precondition required',
  429: 'Too many requests',
  431: 'Request header fields too large',
  500: 'Internal error',
  503: 'Service unavailable',
  507: 'Insufficient storage',
};

export function problem(
  status: number,
  code: string,
  detail: string,
  members: Pick<Problem, 'pointer' | 'errors' | 'state' | 'line' | 'imported'> = {},
): Problem {
  return {
    type: `urn:pondera:problem:${code}`,
    title: TITLES[status] ?? 'Error',
    status,
    detail,
    ...members,
  };
}

/** Ends an unmatched request. */
export const notFound: RequestHandler = (request, response) => {
  sendProblem(response, problem(404, 'route_not_found', `there is no ${request.method} ${request.path}`));
};

/** Seconds after which a client may try again what was no fault of its own. */
const RETRY_AFTER: Readonly<Partial<Record<ErrorCode, number>>> = {
  deadline_passed: 5,
  service_stopping: 1,
  reading_ended: 10,
  sweeps_full: 60,
};

/** Answers every error as a problem document; faults of the program are told to `onFault` and to nobody else. */
export function problemHandler(onFault: (error: unknown, requestId: string) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      onFault(error, requestIdOf(response));
      next(error);
      return;
    }
    const seconds = error instanceof DomainError ? RETRY_AFTER[error.code] : undefined;
    if (seconds !== undefined) response.set('Retry-After', String(seconds));
    sendProblem(
      response,
      problemOf(error, (fault) => onFault(fault, requestIdOf(response))),
    );
  };
}

export function sendProblem(response: Parameters<RequestHandler>[1], body: Problem): void {
  response.status(body.status).type('application/problem+json').send(JSON.stringify(body));
}

function problemOf(error: unknown, onFault: (error: unknown) => void): Problem {
  if (error instanceof DomainError) {
    const status = STATUS[error.code];
    if (status < 500 || error.code in RETRY_AFTER)
      return problem(status, error.code, error.message, problemMembers(error));
    onFault(error);
    return problem(status, error.code, error.message);
  }
  const status = bodyParserStatus(error);
  if (status === 413) return problem(413, 'body_too_large', 'the body is too large: expected at most 1 MB');
  if (status === 415)
    return problem(415, 'media_type', 'expected application/json in UTF-8, without encoding');
  if (error instanceof URIError)
    return problem(400, 'path_malformed', 'the path is malformed: expected percent-encoded UTF-8');
  if (status !== undefined)
    return problem(400, 'body_malformed', 'the body is malformed: expected a JSON object');
  onFault(error);
  return problem(500, 'internal', 'the service failed; its log says why');
}

/** What a client may act on; a single problem whose place is known is a list of one. */
function problemMembers({ message, place: { pointer }, details }: DomainError) {
  const { problems: _problems, ...members } = details;
  if (pointer === undefined) return members;
  return { pointer, errors: [{ pointer, detail: message }], ...members };
}

/** The 4xx status that express's own parsers put on their errors. */
function bodyParserStatus(error: unknown): number | undefined {
  const status: unknown =
    typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
