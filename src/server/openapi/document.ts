import { problemSchema } from '../problem.ts';
import { collectSchemas, type SchemaCollection } from './json-schema.ts';
import { type OpenApiAnswer, type OpenApiOperation, operation } from './operation.ts';
import { EXPERIMENT_ROUTES } from './experiment-routes.ts';
import { OPERATION_ROUTES } from './operation-routes.ts';
import type { Method, RouteTable } from './route-description.ts';
import { SHARED_HEADERS, SHARED_PARAMETERS } from './shared-headers.ts';
import { STUDY_ROUTES } from './study-routes.ts';
import { SWEEP_ROUTES } from './sweep-routes.ts';
import { TRIAL_ACTION_ROUTES } from './trial-action-routes.ts';
import { TRIAL_ROUTES } from './trial-routes.ts';

/** Every route there is; a new router adds its table here. */
export const ROUTES: RouteTable = {
  ...STUDY_ROUTES,
  ...TRIAL_ROUTES,
  ...TRIAL_ACTION_ROUTES,
  ...SWEEP_ROUTES,
  ...EXPERIMENT_ROUTES,
  ...OPERATION_ROUTES,
};

/** OpenAPI 3.1, as JSON. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly tags: readonly unknown[];
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, OpenApiOperation>>>>>;
  readonly components: {
    readonly schemas: SchemaCollection['components'];
    readonly responses: Readonly<Record<string, OpenApiAnswer>>;
    readonly headers: typeof SHARED_HEADERS;
    readonly parameters: typeof SHARED_PARAMETERS;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

const DESCRIPTION = [
  'Bayesian optimisation of ranking utility weights with any evaluator: `:suggest` hands out weights, `:complete` takes what was measured.',
  'Every error is a problem document (RFC 9457). Answers may get members that are not described here: clients ignore what they do not know.',
  'A GET answers to HEAD as well.',
].join('\n\n');

/** The document of the whole interface, from the schemas that check the requests and type the answers. */
export function openApiDocument(version: string, routes: RouteTable = ROUTES): OpenApiDocument {
  const schemas = collectSchemas();
  const paths: Record<string, Partial<Record<Method, OpenApiOperation>>> = {};
  const responses: Record<string, OpenApiAnswer> = {};
  schemas.schemaOf(problemSchema, 'output');
  for (const [route, description] of Object.entries(routes)) {
    const [verb, path] = route.split(' ') as [string, string];
    const method = verb.toLowerCase() as Method;
    paths[path] = { ...paths[path], [method]: operation(schemas, responses, method, path, description) };
  }
  const tags = [...new Set(Object.values(routes).map(({ tag }) => tag))];
  return {
    openapi: '3.1.1',
    info: {
      title: 'pondera',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components,
      responses,
      headers: SHARED_HEADERS,
      parameters: SHARED_PARAMETERS,
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'pnd_…',
          description:
            'A key of `pondera keys create`. The scope that an operation needs is said with it: `admin` has `write`, `write` has `read`. Without any key in its database the service needs none, and only this machine reaches it.',
        },
      },
    },
  };
}
