import { STATUS } from '../problem.ts';
import { transfers, uploads } from '../route-rules.ts';
import type { JsonSchema } from './json-schema.ts';
import type { RouteDescription } from './route-description.ts';

/** The codes that are no domain errors, by status. */
interface Refusal {
  readonly status: number;
  readonly code: string;
}

const refusal = (status: number, ...codes: readonly string[]): readonly Refusal[] =>
  codes.map((code) => ({ status, code }));

/** What any request can be refused for, before a route is asked. */
const OF_ANY: readonly Refusal[] = [
  ...refusal(400, 'path_malformed', 'body_malformed'),
  ...refusal(403, 'origin'),
  ...refusal(421, 'host'),
  ...refusal(429, 'rate_exceeded'),
  ...refusal(500, 'internal'),
  ...refusal(503, 'service_stopping'),
];

const NEEDS_A_KEY = [...refusal(401, 'key_needed'), ...refusal(403, 'scope_needed')];
const OF_BODIES = [...refusal(413, 'body_too_large'), ...refusal(415, 'media_type')];
const OF_KEYS = ['idempotency_mismatch', 'idempotency_in_flight'] as const;

/** Whether a path needs an API key, once there is one. */
export function needsKey(path: string): boolean {
  return path.startsWith('/v1/') || path === '/metrics';
}

/** The codes that a route can answer with, by status; bodies of lines have no deadline. */
export function problemCodes(
  path: string,
  computes: boolean,
  { lines, once = false, problems = [] }: RouteDescription,
): ReadonlyMap<number, readonly string[]> {
  const isProbe = path === '/healthz' || path === '/readyz';
  const ofDomain = [...problems, ...(once ? OF_KEYS : [])].map((code) => ({ status: STATUS[code], code }));
  const found: readonly Refusal[] = [
    ...(isProbe ? refusal(500, 'internal') : OF_ANY),
    ...(path === '/readyz' ? refusal(503, 'not_ready') : []),
    ...(needsKey(path) ? NEEDS_A_KEY : []),
    ...(path.startsWith('/v1/') && lines === undefined ? refusal(503, 'deadline_passed') : []),
    ...(computes ? refusal(429, 'queue_full') : []),
    ...(transfers(path) ? refusal(429, 'transfers_full') : []),
    ...(uploads(path) ? refusal(429, 'uploads_full') : []),
    ...(path.endsWith(':events') ? refusal(429, 'listeners_full') : []),
    ...(path.startsWith('/v1/') ? [...OF_BODIES, ...refusal(422, 'request_invalid')] : []),
    ...(path.startsWith('/docs/') ? refusal(404, 'route_not_found') : []),
    ...(path.startsWith('/v1/') ? refusal(503, 'database_invalid') : []),
    ...ofDomain,
  ];
  const byStatus = new Map<number, readonly string[]>();
  for (const { status, code } of found.toSorted((a, b) => a.status - b.status)) {
    byStatus.set(status, [...new Set([...(byStatus.get(status) ?? []), code])]);
  }
  return byStatus;
}

/** A problem document of one of these codes. */
export function problemOfCodes(codes: readonly string[]): JsonSchema {
  const types = codes.map((code) => `urn:pondera:problem:${code}`);
  return {
    allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { type: { enum: types } } }],
  };
}
