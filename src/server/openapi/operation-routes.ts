import { z } from 'zod';
import type { RouteTable } from './route-description.ts';

/** What operators, and readers of this document, ask for. */
export const OPERATION_ROUTES: RouteTable = {
  'GET /healthz': {
    operationId: 'isAlive',
    tag: 'Operation',
    summary: 'The process answers.',
    answers: {
      200: { description: 'It does.', schema: z.strictObject({ status: z.literal('alive') }) },
    },
  },
  'GET /readyz': {
    operationId: 'isReady',
    tag: 'Operation',
    summary: 'Whether it should be sent requests: 503 `not_ready` while it starts or stops.',
    answers: {
      200: { description: 'It should.', schema: z.strictObject({ status: z.literal('ready') }) },
    },
  },
  'GET /metrics': {
    operationId: 'metrics',
    tag: 'Operation',
    summary: 'Counters and histograms for Prometheus.',
    answers: {
      200: {
        description: 'The text form of Prometheus.',
        types: { 'text/plain': { description: 'The text form of Prometheus.' } },
      },
    },
  },
  'GET /openapi.json': {
    operationId: 'openapi',
    tag: 'Operation',
    summary: 'This document.',
    answers: {
      200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) },
    },
  },
  'GET /docs': {
    operationId: 'docs',
    tag: 'Operation',
    summary: 'A page that shows this document and sends requests.',
    answers: {
      200: { description: 'The page.', types: { 'text/html': { description: 'The page.' } } },
    },
  },
  'GET /docs/{file}': {
    operationId: 'docsFile',
    tag: 'Operation',
    summary: 'The script and the style of the page.',
    answers: {
      200: {
        description: 'The file.',
        types: {
          'text/javascript': { description: 'A script.' },
          'text/css': { description: 'A style.' },
        },
      },
    },
  },
};
