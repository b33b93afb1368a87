import { Router } from 'express';
import { DomainError } from '../domain/errors.ts';
import { parseWith } from '../domain/schema.ts';
import { studySchema } from '../domain/study-rules.ts';
import { attachTrial } from '../service/attach-trial.ts';
import { completeTrial } from '../service/complete-trial.ts';
import { createStudy } from '../service/create-study.ts';
import { modelOfStudy } from '../service/model-of-study.ts';
import { listStudies, listTrials, readStudy, readTrial } from '../service/read-history.ts';
import { bestTrialSoFar, paretoSetSoFar, reportStudy } from '../service/report-study.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { suggestTrials } from '../service/suggest-trials.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import {
  attachBodySchema,
  bestTrialResource,
  completeBodySchema,
  paretoResource,
  studyResource,
  suggestBodySchema,
  trialNumberSchema,
  trialResource,
} from './resources.ts';

/** `/v1/studies`: one route per use case. Names after a colon are verbs on the resource before it. */
export function studiesRouter(context: ServiceContext): Router {
  const router = Router({ caseSensitive: true });

  router
    .route('/')
    .post(async (request, response) => {
      const definition = parseWith(studySchema, request.body, 'study_invalid');
      const study = await createStudy(context, definition);
      response.status(201).location(`/v1/studies/${definition.name}`).json(studyResource(study));
    })
    .get(async (_request, response) => {
      const studies = await listStudies(context);
      response.json({ studies: studies.map(studyResource) });
    })
    .all(methodNotAllowed('GET, HEAD, POST'));

  router
    .route('/:id\\:report')
    .get<{ id: string }>(async (request, response) => {
      response.json(await reportStudy(context, request.params.id));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id')
    .get(async (request, response) => {
      response.json(studyResource(await readStudy(context, request.params.id)));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/model')
    .get(async (request, response) => {
      response.json(await modelOfStudy(context, request.params.id));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/trials')
    .get(async (request, response) => {
      const trials = await listTrials(context, request.params.id);
      response.json({ trials: trials.map(trialResource) });
    })
    .post<{ id: string }>(async (request, response) => {
      const { id } = request.params;
      const trial = await attachTrial(
        context,
        id,
        parseWith(attachBodySchema, request.body ?? {}, 'request_invalid'),
      );
      response.status(201).location(`/v1/studies/${id}/trials/${trial.number}`).json(trialResource(trial));
    })
    .all(methodNotAllowed('GET, HEAD, POST'));

  router
    .route('/:id/trials\\:best')
    .get(async (request, response) => {
      response.json(bestTrialResource(await bestTrialSoFar(context, request.params.id)));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/trials\\:pareto')
    .get(async (request, response) => {
      response.json(paretoResource(await paretoSetSoFar(context, request.params.id)));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/trials\\:suggest')
    .post(async (request, response) => {
      const { count } = parseWith(suggestBodySchema, request.body ?? {}, 'request_invalid');
      const trials = await suggestTrials(context, request.params.id, count);
      response.json({ trials: trials.map(trialResource) });
    })
    .all(methodNotAllowed('POST'));

  router
    .route('/:id/trials/:number\\:complete')
    .post<{ id: string; number: string }>(async (request, response) => {
      const { metrics } = parseWith(completeBodySchema, request.body ?? {}, 'metrics_invalid');
      const { id, number } = request.params;
      response.json(trialResource(await completeTrial(context, id, trialNumber(number), metrics)));
    })
    .all(methodNotAllowed('POST'));

  router
    .route('/:id/trials/:number')
    .get(async (request, response) => {
      const { id, number } = request.params;
      response.json(trialResource(await readTrial(context, id, trialNumber(number))));
    })
    .all(methodNotAllowed('GET, HEAD'));

  return router;
}

function trialNumber(text: string): number {
  const parsed = trialNumberSchema.safeParse(text);
  if (!/^(0|[1-9]\d*)$/.test(text) || !parsed.success) {
    throw new DomainError('trial_not_found', `"${text.slice(0, 20)}" is not the number of a trial`);
  }
  return parsed.data;
}
