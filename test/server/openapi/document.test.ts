import { type SpecData, Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { Router } from 'express';
import { z } from 'zod';
import { openApiDocument, ROUTES } from '../../../src/server/openapi/document.ts';
import type { RouteName } from '../../../src/server/openapi/route-description.ts';
import { sendJson } from '../exchange.ts';
import { serviceOfThisFile, startService, temporaryDatabases } from '../running-service.ts';
import { DOCUMENT, validatorAt } from './conformance.ts';

const operations = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
);

const operationNamed = (name: string) =>
  operations.find(({ operation }) => operation.operationId === name)!.operation;
const securityOf = (name: string): unknown => operationNamed(name).security;
const parametersOf = (name: string): readonly unknown[] => operationNamed(name).parameters;

describe('the OpenAPI document', () => {
  const service = serviceOfThisFile();

  it('is OpenAPI 3.1 to a validator that is not ours', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(DOCUMENT)) as SpecData);
    expect(errors ?? []).to.deep.equal([]);
    expect(valid).to.equal(true);
    expect(validator.version).to.equal('3.1');
    // Throws where a reference leads nowhere.
    validator.resolveRefs();
  });

  it('has every route of the program, and no other', async () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).to.deep.equal(
      (await routesOfTheProgram()).toSorted(),
    );
  });

  it('names paths that the service has, with the methods that it tells', async () => {
    for (const [path, methods] of Object.entries(DOCUMENT.paths)) {
      const url = path.replace('{file}', 'start.js').replace('{number}', '1').replace('{id}', 'nobody');
      const answer = await sendJson(service().address, 'OPTIONS', url);
      expect(answer.status, url).to.equal(204);
      const told = answer.headers.allow!.split(', ').filter((method) => method !== 'HEAD');
      expect(
        Object.keys(methods).map((method) => method.toUpperCase()),
        url,
      ).to.have.members(told);
    }
  });

  it('has schemas of which each is JSON Schema, and names of operations that are unique', () => {
    for (const name of Object.keys(DOCUMENT.components.schemas)) {
      expect(validatorAt(['components', 'schemas', name])({ unknown: 1 }), name).to.be.a('boolean');
    }
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('says of each operation which key it needs', () => {
    expect(securityOf('readTrial')).to.deep.equal([{ apiKey: ['read'] }, {}]);
    expect(securityOf('predict')).to.deep.equal([{ apiKey: ['read'] }, {}]);
    expect(securityOf('suggestTrials')).to.deep.equal([{ apiKey: ['write'] }, {}]);
    expect(securityOf('voidTrial')).to.deep.equal([{ apiKey: ['admin'] }, {}]);
    expect(securityOf('deleteStudy')).to.deep.equal([{ apiKey: ['admin'] }, {}]);
    expect(securityOf('isAlive')).to.deep.equal([]);
  });

  it('shows what is written as text as text or structured, and what is answered as structured', () => {
    const { StudyDefinition, StoredDefinition } = DOCUMENT.components.schemas;
    const forms = StudyDefinition!.properties!['objective'] as { anyOf: { type: string }[] };
    expect(forms.anyOf.map(({ type }) => type)).to.deep.equal(['string', 'object']);
    expect(StoredDefinition!.properties!['objective']).to.include({ type: 'object' });
    expect(StudyDefinition!.required).to.deep.equal(['name', 'weights']);
    expect(StoredDefinition!.required).to.include.members(['constraints', 'guardrails', 'seed']);
    expect(StudyDefinition!.additionalProperties).to.equal(false);
    expect(StoredDefinition).to.not.have.property('additionalProperties');
  });

  it('begins with bodies that are sound', () => {
    let bodies = 0;
    for (const { path, method, operation } of operations) {
      const { 'application/json': json, 'application/x-ndjson': lines } =
        operation.requestBody?.content ?? {};
      const { body, lines: ofLine } = ROUTES[`${method.toUpperCase()} ${path}` as RouteName]!;
      const schema = body?.schema ?? ofLine?.schema;
      if (schema === undefined) continue;
      const [type, part] =
        json === undefined ? ['application/x-ndjson', 'x-itemSchema'] : ['application/json', 'schema'];
      const validate = validatorAt(['paths', path, method, 'requestBody', 'content', type, part]);
      const example: unknown = json === undefined ? JSON.parse(lines!.example as string) : json.example;
      expect(validate(example), `${path} ${JSON.stringify(validate.errors)}`).to.equal(true);
      expect(schema.safeParse(example).error?.issues ?? [], path).to.deep.equal([]);
      bodies++;
    }
    expect(bodies).to.be.greaterThan(10);
  });

  it('has the parameters of queries and headers with their bounds', () => {
    expect(parametersOf('listTrials')).to.deep.include({
      name: 'pageSize',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    });
    expect(parametersOf('listTrials')).to.deep.include({
      name: 'order',
      in: 'query',
      required: false,
      description: '`number` or `metrics.NAME`, with `-` in front the largest first.',
      schema: { type: 'string', default: 'number' },
    });
    expect(parametersOf('suggestTrials')).to.deep.include({ $ref: '#/components/parameters/IdempotencyKey' });
    expect(parametersOf('patchStudy')).to.deep.include({
      name: 'If-Match',
      in: 'header',
      required: true,
      description: 'The ETag that the study was read with, or `*`.',
      schema: { type: 'string' },
    });
    expect(parametersOf('followSweep')).to.deep.include({
      name: 'Last-Event-ID',
      in: 'header',
      required: false,
      description: 'The id of the last event that was read, as a browser sends it by itself.',
      schema: { type: 'string', pattern: '^\\d{0,15}$' },
    });
    expect(parametersOf('importTrials')).to.have.length(2);
  });

  it('refuses two schemas of one name, and a parameter without a schema', () => {
    const route = { operationId: 'x', tag: 'x', summary: 'x', answers: {} };
    expect(() => openApiDocument('1', { 'GET /v1/{unknown}': route })).to.throw(
      RangeError,
      'the parameter unknown of /v1/{unknown} has no schema',
    );
    const schema = z.strictObject({ other: z.string() }).meta({ id: 'Problem' });
    const answers = { 200: { description: 'x', schema } };
    expect(() => openApiDocument('1', { 'GET /v1': { ...route, answers } })).to.throw(
      RangeError,
      'two schemas have the name Problem',
    );
  });

  it('is what the service answers, without a key', async () => {
    const answer = await service().get<{ paths: object; info: { version: string } }>('/openapi.json');
    expect(answer.status).to.equal(200);
    expect(answer.type).to.equal('application/json; charset=utf-8');
    expect(answer.body).to.deep.equal(JSON.parse(JSON.stringify(openApiDocument(answer.body.info.version))));
  });
});

/** What routers are told while a service starts: where they stand, their paths and the methods that these have. */
async function routesOfTheProgram(): Promise<readonly string[]> {
  const mounts = new Map<unknown, string>();
  const routes: { readonly router: unknown; readonly path: string; readonly route: Route }[] = [];
  const prototype = Router.prototype as RouterMethods;
  const { route, use } = prototype;
  prototype.route = function routeOf(this: unknown, path) {
    const made = route.call(this, path);
    routes.push({ router: this, path, route: made });
    return made;
  };
  prototype.use = function useOf(this: unknown, ...layers) {
    if (typeof layers[0] === 'string') for (const layer of layers.slice(1)) mounts.set(layer, layers[0]);
    return use.apply(this, layers);
  };
  const databases = temporaryDatabases();
  try {
    await (await startService(databases.file('routes.db'))).close();
  } finally {
    Object.assign(prototype, { route, use });
    databases.remove();
  }
  return routes.flatMap(({ router, path, route: { methods } }) =>
    Object.keys(methods)
      .filter((method) => method !== '_all')
      .map((method) => {
        const mount = (mounts.get(router) ?? '').replace(/^\/$/, '');
        const whole = `${mount}${path === '/' && mount !== '' ? '' : path}`;
        return `${method} ${whole.replaceAll(/(?<!\\):(\w+)/g, '{$1}').replaceAll('\\', '')}`;
      }),
  );
}

interface RouterMethods {
  route: (this: unknown, path: string) => Route;
  use: (this: unknown, ...layers: unknown[]) => unknown;
}

interface Route {
  readonly methods: Readonly<Record<string, boolean>>;
}
