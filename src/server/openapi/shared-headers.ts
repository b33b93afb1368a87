const text = { type: 'string' } as const;

/** Headers of answers, by name. */
export const SHARED_HEADERS = {
  'X-Request-Id': {
    description: 'Names the request in the log; taken from the request where it has one.',
    schema: text,
  },
  ETag: { description: 'The revision of the study, for `If-Match`.', schema: text },
  Location: { description: 'The path of what was created.', schema: text },
  'Content-Disposition': { description: 'A file name.', schema: text },
  'Idempotency-Replayed': {
    description: '`true` where this is the answer of an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string', const: 'true' },
  },
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 0 } },
  'WWW-Authenticate': { description: 'RFC 6750.', schema: text },
} as const;

export const SHARED_PARAMETERS = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Sent again within a day, the same request gets the answer of the first, and nothing is done twice.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  },
} as const;
