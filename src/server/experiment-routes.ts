import type { Router } from 'express';
import { DomainError } from '../domain/errors.ts';
import { experimentRequestSchema } from '../domain/experiment.ts';
import { parseWith } from '../domain/schema.ts';
import { analyseExperiment } from '../service/analyse-experiment.ts';
import { endExperiment, startExperiment } from '../service/change-experiment.ts';
import { createMeasuredExperiment } from '../service/create-measured-experiment.ts';
import { exportExperiment } from '../service/export-experiment.ts';
import { type ImportedReadout, importReadout } from '../service/import-readout.ts';
import { type ExperimentPlan, planExperiment, planRequestSchema } from '../service/plan-experiment.ts';
import {
  readExperiment,
  readExperiments,
  readReadouts,
  type StoredExperiment,
} from '../service/read-experiments.ts';
import { recommendNext } from '../service/recommend-next.ts';
import { analysisResource } from './analysis-resources.ts';
import {
  analyseQuerySchema,
  endBodySchema,
  experimentResource,
  exportQuerySchema,
  importedAnswer,
  readoutBodySchema,
  readoutResource,
  recommendQuerySchema,
} from './experiment-resources.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { post, type ServerContext } from './post.ts';
import { problemWithin } from './problem-within.ts';
import { emptyBodySchema } from './resources.ts';

export interface ExperimentParams {
  readonly id: string;
  readonly number: string;
}

/** A study's experiments on live traffic, and their readouts. */
export function addExperimentRoutes(router: Router, context: ServerContext): void {
  router
    .route('/:id/experiments')
    .get(async (request, response) => {
      const experiments = await readExperiments(context, request.params.id);
      response.json({ experiments: experiments.map(experimentResource) });
    })
    .post(
      post<{ id: string }, StoredExperiment>(
        context,
        (writing, { params, body }) =>
          createMeasuredExperiment(
            { ...writing, measuring: context.measuring },
            params.id,
            parseWith(experimentRequestSchema, body ?? {}, 'request_invalid'),
          ),
        (experiment, { params }) => ({
          status: 201,
          location: `/v1/studies/${params.id}/experiments/${experiment.number}`,
          body: experimentResource(experiment),
        }),
      ),
    )
    .all(methodNotAllowed('GET, HEAD, POST'));

  router
    .route('/:id/experiments\\:plan')
    .post(
      post<{ id: string }, ExperimentPlan>(
        context,
        (writing, { params, body }) =>
          planExperiment(writing, params.id, parseWith(planRequestSchema, body ?? {}, 'request_invalid')),
        (plan) => ({ body: plan }),
      ),
    )
    .all(methodNotAllowed('POST'));

  router
    .route('/:id/experiments\\:recommend')
    .get(async (request, response) => {
      const asked = parseWith(recommendQuerySchema, request.query, 'request_invalid');
      response.json(await recommendNext(context, request.params.id, asked));
    })
    .all(methodNotAllowed('GET, HEAD'));

  addExperimentActions(router, context);

  router
    .route('/:id/experiments/:number/readouts')
    .get<ExperimentParams>(async (request, response) => {
      const { id, number } = request.params;
      const readouts = await readReadouts(context, id, experimentNumber(number));
      response.json({ readouts: readouts.map(readoutResource) });
    })
    .post(
      post<ExperimentParams, ImportedReadout>(
        context,
        (writing, { params, body }) => {
          const { readout, force, forceReason } = parseWith(readoutBodySchema, body ?? {}, 'readout_invalid');
          return problemWithin('readout', 'readout_invalid', () =>
            importReadout(writing, params.id, experimentNumber(params.number), readout, force, forceReason),
          );
        },
        (imported, { params }) => importedAnswer(params.id, imported),
      ),
    )
    .all(methodNotAllowed('GET, HEAD, POST'));

  router
    .route('/:id/experiments/:number')
    .get<ExperimentParams>(async (request, response) => {
      const { id, number } = request.params;
      response.json(experimentResource(await readExperiment(context, id, experimentNumber(number))));
    })
    .all(methodNotAllowed('GET, HEAD'));
}

function addExperimentActions(router: Router, context: ServerContext): void {
  router
    .route('/:id/experiments/:number\\:export')
    .get<ExperimentParams>(async (request, response) => {
      const { id, number } = request.params;
      const { format, coverage } = parseWith(exportQuerySchema, request.query, 'request_invalid');
      response.json(await exportExperiment(context, id, experimentNumber(number), format, coverage));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/experiments/:number\\:analyse')
    .get<ExperimentParams>(async (request, response) => {
      const { id, number } = request.params;
      const asked = parseWith(analyseQuerySchema, request.query, 'request_invalid');
      response.json(analysisResource(await analyseExperiment(context, id, experimentNumber(number), asked)));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/experiments/:number\\:start')
    .post(
      post<ExperimentParams, StoredExperiment>(
        context,
        (writing, { params, body }) => {
          parseWith(emptyBodySchema, body ?? {}, 'request_invalid');
          return startExperiment(writing, params.id, experimentNumber(params.number));
        },
        changedAnswer,
      ),
    )
    .all(methodNotAllowed('POST'));

  router
    .route('/:id/experiments/:number\\:end')
    .post(
      post<ExperimentParams, StoredExperiment>(
        context,
        (writing, { params, body }) => {
          const { reason = null } = parseWith(endBodySchema, body ?? {}, 'request_invalid');
          return endExperiment(writing, params.id, experimentNumber(params.number), reason);
        },
        changedAnswer,
      ),
    )
    .all(methodNotAllowed('POST'));
}

/** Throws `experiment_not_found` for what is no number of one. */
export function experimentNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new DomainError('experiment_not_found', `"${text.slice(0, 20)}" is not the number of an experiment`);
}

function changedAnswer(experiment: StoredExperiment) {
  return { body: experimentResource(experiment) };
}
